/** Puts a compressed twin beside every script and stylesheet, which the backend sends to browsers that take it. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const staticFolder = fileURLToPath(new URL('../../backend/static', import.meta.url));

for (const folder of ['widget', 'dkfds/css', 'htmx']) {
  for (const name of readdirSync(join(staticFolder, folder))) {
    if (!/\.(js|css)$/.test(name)) continue;
    const path = join(staticFolder, folder, name);
    const content = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(content));
  }
}
