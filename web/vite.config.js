// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vite';

const shared =
	/\/src\/(api\/laws|parts\/(answered|day|dialog|form|pages|problem|receipt|status|title|unit-choice|unit-link|use-\w+))\.tsx?$/;

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
		rollupOptions: {
			output: {
				// What most pages share comes with the first load: a dozen
				// small files would wait for each other on a weak line.
				manualChunks: (id) => (shared.test(id) ? 'parts' : undefined),
			},
		},
	},
});
