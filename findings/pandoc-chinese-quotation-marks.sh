#!/usr/bin/env bash
# pandoc 3.9 (pypandoc_binary 1.17): Chinese quotation marks do not survive pandoc's own Markdown.
#
# Input: 他说“好”，又说‘对’。 from HTML to markdown and back, with the defaults. The manual says of the extension
# smart that the writer writes straight quotes because the reader makes them curly again. Seen: the reader
# looks for a space before the opening mark, which Chinese has not, so that both marks close: 他说”好”. With
# spaces round the quotation all is right, and so it is without the extension (markdown-smart).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pypandoc_binary==1.17
"$folder/venv/bin/python" - <<'PYTHON'
from pypandoc import convert_text


def there_and_back(text, markdown="markdown"):
    return convert_text(convert_text(f"<p>{text}</p>", markdown, "html"), "html", markdown).strip()


chinese = "他说“好”，又说‘对’。"
seen = there_and_back(chinese)
print(seen)
assert seen == "<p>他说”好”，又说’对’。</p>", "the behaviour has changed"
assert there_and_back("He said “yes” and ‘right’.") == "<p>He said “yes” and ‘right’.</p>"
assert there_and_back(chinese, "markdown-smart") == f"<p>{chinese}</p>"
PYTHON
