#!/bin/sh
# Makes vazirmatn.woff2 anew: the variable Vazirmatn (OFL 1.1, see OFL.txt), weights 400–700, the letters of Persian,
# Arabic names and basic Latin. Run from the top of the repository, with fonttools and brotli of requirements-dev.txt:
#   npm pack vazirmatn@33.0.3 && tar xzf vazirmatn-33.0.3.tgz
#   sh site/static/fonts/make_subset.sh package/fonts/variable/Vazirmatn[wght].ttf
set -eu
source_font=$1
here=$(dirname "$0")
python=${PYTHON:-.venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m fontTools.varLib.instancer "$source_font" wght=400:700 --output "$work/weights.ttf"
# Latin, « » · –—‘’“”•…‹› € × ÷, ZWNJ and the bidi marks, Persian and Arabic letters, harakat, both digit sets,
# Arabic punctuation, ﷼. HVAR only repeats what gvar says of widths. Arrows and signs of the interface are drawn as icons and need no glyphs.
"$python" -m fontTools.subset "$work/weights.ttf" \
  --unicodes="U+0020-007E,U+00A0,U+00AB,U+00B7,U+00BB,U+00D7,U+00F7,U+2010-2015,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2039,U+203A,U+20AC,U+200B-200F,U+202A-202E,U+2066-2069,U+060C,U+061B,U+061F,U+0621-063A,U+0640-0655,U+0660-066C,U+0670,U+067E,U+0686,U+0698,U+06A9,U+06AF,U+06C0,U+06CC,U+06D5,U+06F0-06F9,U+FDFC" \
  --layout-features="ccmp,locl,isol,init,medi,fina,rlig,liga,calt,mark,mkmk,kern" \
  --drop-tables+=HVAR --no-hinting --desubroutinize --name-IDs="0,1,2,3,4,5,6,13,14" --name-languages="0x409" \
  --flavor=woff2 --output-file="$here/vazirmatn.woff2"
wc -c "$here/vazirmatn.woff2"
