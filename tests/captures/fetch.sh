#!/bin/sh
# Fills a folder with captures that nobody here made: the test captures of
# tcpdump, tcpflow and dpkt, from Debian's source packages. They are not ours to
# give on, so they are fetched and never committed.
#
#     sh tests/captures/fetch.sh FOLDER && CAPTURES=FOLDER cargo test --test captures
#
# Needs apt-get, and leaves the system's package lists as they are.
set -eu

target=${1:?usage: fetch.sh FOLDER}
mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial"

# The same servers that programs come from, asked for sources.
mkdir -p "$work/sources.d"
for list in /etc/apt/sources.list.d/*.sources; do
    [ -f "$list" ] || continue
    sed 's/^Types:.*/Types: deb-src/' "$list" \
        > "$work/sources.d/$(basename "$list")"
done
cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -n 's/^deb /deb-src /p' > "$work/list"
apt() {
    apt-get -qq -o APT::Sandbox::User=root \
        -o "Dir::Etc::SourceList=$work/list" \
        -o "Dir::Etc::SourceParts=$work/sources.d" \
        -o "Dir::State::Lists=$work/lists" "$@"
}

apt update
for package in tcpdump tcpflow python-dpkt; do
    # A mirror may lack Debian's own part of a source, which is not needed.
    (cd "$work" && apt source --download-only "$package") || true
    mkdir -p "$work/$package" "$target/$package"
    tar -xf "$work/$package"_*.orig.tar.gz -C "$work/$package"
    find "$work/$package" -name '*.pcap' -o -name '*.pcapng' |
        while read -r file; do
            cp "$file" "$target/$package/"
        done
done
echo "$(find "$target" -type f | wc -l) captures in $target"
