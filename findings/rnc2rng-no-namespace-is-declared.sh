#!/usr/bin/env bash
# rnc2rng 2.7.0 makes of RFC 4287's own way to say "in no namespace" a schema that is no XML.
#
# Input: `namespace local = ""`, as the grammar of Atom has it (RFC 4287, appendix B), for names that are in no namespace;
# that is how the compact syntax of RELAX NG says it. Seen: the schema has the attribute xmlns:local="", which Namespaces
# in XML 1.0 forbids ("No Prefix Undeclaring"), so lxml 6.1.3 and Python's expat refuse it. Without that line both take it; the pattern
# local:* itself came out right, as <nsName ns=""/>.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check rnc2rng==2.7.0 lxml==6.1.3
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from pathlib import Path
from xml.etree import ElementTree

import rnc2rng
from lxml import etree

LOCAL = 'namespace local = ""\n'
GRAMMAR = """namespace atom = "http://www.w3.org/2005/Atom"
start = element atom:feed { element atom:title { text }, extension* }
extension = element * - (atom:*%s) { text }
"""
FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><title>新闻</title></feed>'


def made(grammar):
    Path("grammar.rnc").write_text(grammar, "utf-8")
    return rnc2rng.dumps(rnc2rng.load("grammar.rnc"))


def refused(schema):
    found = []
    for parse, error in ((etree.XML, etree.XMLSyntaxError), (ElementTree.XML, ElementTree.ParseError)):
        try:
            parse(schema.encode())
        except error as reason:
            found.append(str(reason))
    return found


plain, with_local = made(GRAMMAR % ""), made(LOCAL + GRAMMAR % " | local:*")
print(with_local, *refused(with_local), sep="\n")
assert etree.RelaxNG(etree.XML(plain.encode())).validate(etree.XML(FEED))
assert '<nsName ns=""/>' in with_local
assert 'xmlns:local=""' in with_local and len(refused(with_local)) == 2, "the behaviour has changed"
PYTHON
