// Builds static/build/: the compiled style sheets and the font files they name.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "static", "build");
const sheets = ["site", "admin", "board"];
const fonts = {
  "@fontsource-variable/atkinson-hyperlegible-next": [
    "atkinson-hyperlegible-next-latin-wght-normal",
    "atkinson-hyperlegible-next-latin-wght-italic",
    "atkinson-hyperlegible-next-latin-ext-wght-normal",
    "atkinson-hyperlegible-next-latin-ext-wght-italic",
  ],
  "@fontsource-variable/fraunces": ["fraunces-latin-wght-normal", "fraunces-latin-ext-wght-normal"],
};

function compile(name) {
  const { css } = sass.compile(join(root, "assets", `${name}.scss`), {
    style: "compressed",
    loadPaths: [join(root, "node_modules")],
    quietDeps: true,
    // Bootstrap 5.3 is written for @import; it has no @use entry points.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  writeFileSync(join(target, `${name}.css`), css);
  console.log(`${name}.css ${Math.round(css.length / 1024)} kB`);
}

function copyFonts() {
  for (const [family, files] of Object.entries(fonts)) {
    for (const file of files) {
      copyFileSync(join(root, "node_modules", family, "files", `${file}.woff2`), join(target, "fonts", `${file}.woff2`));
    }
  }
}

mkdirSync(join(target, "fonts"), { recursive: true });
copyFonts();
sheets.forEach(compile);
