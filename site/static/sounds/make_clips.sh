#!/bin/sh
# Makes 0.wav … 9.wav, the Persian digits of the spoken security code, beside this script. Needs the Debian packages
# espeak-ng and sox; the clips are committed, so a running system needs neither.
set -eu
cd "$(dirname "$0")"
digit=0
# The vowel sign of the last word keeps espeak-ng from reading it as «نَه», no.
for word in صفر یک دو سه چهار پنج شش هفت هشت نُه; do
    espeak-ng -v fa -s 125 -p 45 --stdout "$word" |
        sox -t wav - -R -D -r 11025 -c 1 -b 8 -e unsigned-integer -t wav "$digit.wav" \
            silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse norm -3
    digit=$((digit + 1))
done
