// Writes src/api.d.ts from the service's contract, with the digest of what it was made of.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import openapi, { astToString } from "openapi-typescript";

const contract = new URL("../openapi.json", import.meta.url);
const digest = createHash("sha256").update(readFileSync(contract)).digest("hex");
const types = astToString(await openapi(contract, { silent: true }));
writeFileSync(
  new URL("src/api.d.ts", import.meta.url),
  `// Made by api.mjs from service/openapi.json with the SHA-256\n// ${digest}\n\n${types}`,
);
