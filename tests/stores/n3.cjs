// Reads a file by N3.js, writes it as N-Quads, and prints how many different quads it holds.
// node n3.cjs PACKAGE FILE OUT
const fs = require("node:fs");
const [, , home, file, out] = process.argv;
const { Parser, Store, Writer } = require(home);
const form = { ttl: "text/turtle", nt: "application/n-triples", nq: "application/n-quads", trig: "application/trig" };
const format = form[file.split(".").pop()];
const store = new Store(new Parser({ format }).parse(fs.readFileSync(file, "utf8")));
const writer = new Writer({ format: "application/n-quads" });
writer.addQuads([...store]);
writer.end((error, text) => {
  if (error) throw error;
  fs.writeFileSync(out, text);
  console.log(store.size);
});
