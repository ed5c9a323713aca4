import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const staticFolder = fileURLToPath(new URL('../backend/static/widget', import.meta.url));

export default defineConfig({
  build: {
    outDir: staticFolder,
    emptyOutDir: true,
    // Citizens come with phones that no longer get updates.
    target: ['es2019', 'safari13'],
    license: { fileName: 'licenses.md' },
    // An IIFE needs no CORS headers, so that a page on another host can load it with a plain script tag.
    lib: {
      entry: 'src/digispor-chat.ts',
      name: 'DigisporChat',
      formats: ['iife'],
      fileName: () => 'digispor-chat.js',
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/closing-line.ts'],
  },
});
