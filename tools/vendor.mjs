// Copies what the site serves of its npm packages to assets/vendor/<package>/, each with its licence.
import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const FILES = {
  "ideal-image-slider": ["ideal-image-slider.js", "ideal-image-slider.css", "LICENSE"],
};

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

for (const [name, files] of Object.entries(FILES)) {
  const source = path.join(root, "node_modules", name);
  const target = path.join(root, "assets", "vendor", name);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const file of files) {
    await cp(path.join(source, file), path.join(target, file)).catch((error) => {
      console.error(`${error.message}\nRun \`npm ci\` in ${root} first.`);
      process.exit(1);
    });
  }
}
