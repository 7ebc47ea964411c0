// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vite';

export default defineConfig({
	build: {
		target: 'es2020', // browsers of 2020 and later; offices keep old PCs
		modulePreload: { polyfill: false },
		// The policy of the server lets no data: address in.
		assetsInlineLimit: 0,
		reportCompressedSize: false,
	},
});
