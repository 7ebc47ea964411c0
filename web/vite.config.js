// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vite';

export default defineConfig({
	resolve: {
		alias: {
			// As its authors wrote it: what they hand out is made for older
			// browsers than ours, and twice the size.
			'tus-js-client': 'tus-js-client/lib/browser/index.js',
		},
	},
	build: {
		target: 'es2020', // browsers of 2020 and later; offices keep old PCs
		modulePreload: { polyfill: false },
		// The policy of the server lets no data: address in.
		assetsInlineLimit: 0,
		reportCompressedSize: false,
	},
});
