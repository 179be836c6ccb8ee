// Makes upheld.js of src/, and writes on its first line the digest of all that it was made of.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { build, transform } from "esbuild";

const folder = new URL("./", import.meta.url);
const sources = [
  "build.mjs",
  "package-lock.json",
  "tsconfig.json",
  ...readdirSync(new URL("src", folder), { recursive: true })
    .filter((name) => extname(name))
    .map((name) => `src/${name}`),
].sort();
const digest = createHash("sha256");
for (const name of sources) {
  const content = createHash("sha256").update(readFileSync(new URL(name, folder))).digest("hex");
  digest.update(`${name} ${content}\n`);
}

const styleAsText = {
  name: "style as text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const style = await readFile(path, "utf8");
      const { code } = await transform(style, { loader: "css", minify: true, target: "es2022" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

await build({
  entryPoints: ["src/upheld.ts"],
  absWorkingDir: folder.pathname,
  outfile: "upheld.js",
  bundle: true,
  charset: "utf8",
  format: "iife",
  legalComments: "none",
  minify: true,
  plugins: [styleAsText],
  target: "es2022",
  banner: { js: `/* Upheld, Apache-2.0. Made of sources with the SHA-256 ${digest.digest("hex")} */` },
});
