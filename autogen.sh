#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes configure and Makefile.in in a fresh checkout.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux m4
autoreconf --install --force "$@"
# autoconf removes what a program that crashed would leave; ours is a folder.
sed -i 's/rm -f core /rm -f /' configure
