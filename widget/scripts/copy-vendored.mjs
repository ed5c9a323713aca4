/**
 * Copies what the backend's own pages need of other people's work into its static files: the stylesheet of Det Fælles
 * Designsystem with just the fonts and icons it names, and htmx for the console.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const widget = fileURLToPath(new URL('..', import.meta.url));
const staticFolder = join(widget, '../backend/static');

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** Every browser that runs the pages reads woff2, so the older formats of each font are left out. */
function woff2Only(css) {
  return css.replace(/src:url\([^;}]*\.woff2["']?\)[^;}]*/g, (sources) => {
    const [source] = sources.match(/url\([^)]*\.woff2["']?\)/);
    return `src:${source} format("woff2")`;
  });
}

/** On a slow line the text stays in the font it came in, instead of jumping when another has arrived. */
function withoutJumps(css) {
  return css.replaceAll('font-display:swap', 'font-display:optional');
}

function copyDesignSystem() {
  const source = join(widget, 'node_modules/dkfds');
  const target = join(staticFolder, 'dkfds');
  rmSync(target, { recursive: true, force: true });
  const original = readFileSync(join(source, 'dist/css/dkfds.min.css'), 'utf8');
  const css = withoutJumps(woff2Only(original)).replace(/\/\*# sourceMappingURL=.*\*\//, '');
  mkdirSync(join(target, 'css'), { recursive: true });
  writeFileSync(join(target, 'css/dkfds.css'), css);
  const named = new Set([...css.matchAll(/url\(["']?\.\.\/([^"')]+)["']?\)/g)].map(([, path]) => path));
  for (const path of named) copy(join(source, 'dist', path), join(target, path));
  copy(join(source, 'LICENSE.md'), join(target, 'LICENSE.md'));
  copy(
    join(source, 'dist/fonts/IBMPlexSans/complete/woff2/license.txt'),
    join(target, 'fonts/IBMPlexSans/complete/woff2/license.txt'),
  );
}

function copyHtmx() {
  const source = join(widget, 'node_modules/htmx.org');
  const target = join(staticFolder, 'htmx');
  copy(join(source, 'dist/htmx.min.js'), join(target, 'htmx.min.js'));
  copy(join(source, 'LICENSE'), join(target, 'LICENSE'));
}

copyDesignSystem();
copyHtmx();
