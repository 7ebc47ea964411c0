#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes configure and Makefile.in in a fresh checkout.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux m4
exec autoreconf --install --force "$@"
