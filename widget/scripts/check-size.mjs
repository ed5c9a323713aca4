/** Tells how much a citizen's phone must fetch, and fails when it has become too much. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 60_000;

const file = new URL('../../backend/static/widget/digispor-chat.js', import.meta.url);
const size = gzipSync(readFileSync(file)).length;
console.log(`digispor-chat.js: ${(size / 1000).toFixed(1)} kB gzipped, at most ${LIMIT / 1000} kB`);
if (size > LIMIT) process.exit(1);
