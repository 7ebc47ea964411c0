// SPDX-License-Identifier: Apache-2.0
//
// A client of tus that is not ours: sends FILE to URL, breaks off after three
// pieces, goes on as a new process would, and prints the upload's address.
//
//     node tus_client.js URL FILE COOKIE CSRF
'use strict';
const fs = require('fs');
const tus = require('tus-js-client');

const [, , endpoint, path, cookie, csrf] = process.argv;
const piece = 1 << 20;

function upload(more) {
	return new Promise((resolve, reject) => {
		const one = new tus.Upload(fs.createReadStream(path), {
			endpoint,
			chunkSize: piece,
			uploadSize: fs.statSync(path).size,
			retryDelays: [0, 100, 1000],
			headers: { Cookie: cookie, 'X-CSRF-Token': csrf },
			metadata: { filename: 'Tờ trình số 12.pdf', filetype: 'application/pdf' },
			onError: reject,
			onSuccess: () => resolve(one.url),
			onChunkComplete: (size, accepted) => {
				if (more.breaksAt !== undefined && accepted >= more.breaksAt)
					one.abort().then(() => resolve(one.url));
			},
			...more.options,
		});
		one.start();
	});
}

upload({ breaksAt: 3 * piece })
	.then((url) => upload({ options: { uploadUrl: url } }))
	.then((url) => console.log(url))
	.catch((error) => {
		console.error(String(error));
		process.exit(1);
	});
