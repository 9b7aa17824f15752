// Bundles this folder into service/static/dist. Run by `make setup`.
//
// Every .ts and .css file directly in this folder is an entry of its own; what entries import
// lies in subfolders or comes from npm. A template names an entry by what the browser loads,
// asset('app.js') or asset('app.css'), and gets the address of the bundled file. The names
// carry a hash of the content, so pages may cache them for ever; dist/manifest.json maps
// {"app.js": "app-XXXXXXXX.js", …}. Nothing is loaded from another host.

import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const dist = path.join(root, "service/static/dist");
// Built aside and moved into place: a service that is running never sees half a bundle.
const fresh = `${dist}.new`;

/** The npm package an input belongs to, as its folder, or null for our own files. */
function packageOf(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found && found[1];
}

/** Every licence, notice and copyright text a package carries, under its name and version. */
async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(path.join(root, folder, "package.json"), "utf8"),
  );
  const names = (await readdir(path.join(root, folder)))
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file) || /\.LICENSE\.txt$/.test(file))
    .sort();
  if (names.length === 0) throw new Error(`${name} carries no licence text`);
  const texts = await Promise.all(
    names.map((file) => readFile(path.join(root, folder, file), "utf8")),
  );
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
}

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });

const entries = (await readdir(here)).filter((file) => /\.(ts|css)$/.test(file)).sort();
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: entries.map((file) => path.join(here, file)),
  outdir: fresh,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome100", "firefox100", "safari15.4"],
  loader: { ".svg": "file", ".woff2": "file" },
  // The texts are collected whole, below.
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
const packages = new Set();
for (const [output, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
  if (entryPoint) {
    const name = path.basename(entryPoint).replace(/\.ts$/, ".js");
    manifest[name] = path.basename(output);
  }
  for (const input of Object.keys(inputs)) {
    const folder = packageOf(input);
    if (folder) packages.add(folder);
  }
}

const licences = await Promise.all([...packages].sort().map(licenceOf));
await writeFile(
  path.join(fresh, "THIRD-PARTY-LICENCES.txt"),
  licences.join(`\n\n${"=".repeat(80)}\n\n`) + "\n",
);
const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(path.join(fresh, "manifest.json"), JSON.stringify(sorted, null, 2) + "\n");

await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);
