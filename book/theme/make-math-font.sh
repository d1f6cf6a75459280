#!/bin/sh
# Makes fonts/stix-two-math.woff2, the only font the book ships: browsers
# stretch roots, sums and braces only in a font with a MATH table. It holds
# the signs below and nothing else; `math` asks for it, so a page without
# formulas does not load it.
#
# Needs npm, Python and the network; run it when a formula needs a new sign.
#
#     sh book/theme/make-math-font.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent @fontsource/stix-two-math@5.3.0
tar xzf fontsource-stix-two-math-5.3.0.tgz
python3 -m venv tools
tools/bin/pip install --quiet fonttools==4.68.0 brotli==1.2.1

# ASCII, Greek, accents, primes, arrows, the operators of school and of
# networking, fences, and italic letters (what `<mi>x</mi>` is drawn with).
signs=U+0020-007E,U+00A0,U+00AC,U+00AF,U+00B1,U+00B7,U+00D7,U+00F7
signs=$signs,U+0302-0305,U+0338,U+0391-03A9,U+03B1-03C9,U+03D1,U+03D5,U+03F5
signs=$signs,U+2016,U+2026,U+2032,U+2033,U+203E,U+2061,U+210E
signs=$signs,U+2190-2195,U+21D0,U+21D2,U+21D4,U+2200,U+2202,U+2203,U+2205
signs=$signs,U+2206,U+2208,U+2209,U+220F,U+2211,U+2212,U+2215,U+2218,U+221A
signs=$signs,U+221D,U+221E,U+2223,U+2225,U+2227-222B,U+2248,U+2260,U+2261
signs=$signs,U+2264,U+2265,U+226A,U+226B,U+2282,U+2286,U+22C5,U+22EE,U+22EF
signs=$signs,U+2308-230B,U+23DE,U+23DF,U+1D434-1D454,U+1D456-1D467
signs=$signs,U+1D6E2-1D71B

# `ssty` are the script-size forms, primes above all.
tools/bin/pyftsubset package/files/stix-two-math-latin-400-normal.woff2 \
    --unicodes="$signs" --layout-features=ssty --no-hinting --desubroutinize \
    --flavor=woff2 --output-file="$here/fonts/stix-two-math.woff2"
cp package/LICENSE "$here/fonts/stix-two-math-licence.txt"
wc -c "$here/fonts/stix-two-math.woff2"
