// SPDX-License-Identifier: Apache-2.0
//
// A line between the browser and the server that can be held, cut and mended,
// and that may lead to another server afterwards.
import { connect, createServer } from 'node:net';

export async function openLine(target) {
	const line = { sent: 0, base: '' };
	const sockets = new Set();
	let port = new URL(target).port;
	let isCut = false;
	let mark = Infinity;
	let reached = () => undefined;

	const server = createServer((client) => {
		if (isCut) {
			client.destroy();
			return;
		}
		const there = connect(port, '127.0.0.1');

		for (const [socket, other] of [[client, there], [there, client]]) {
			sockets.add(socket);
			socket.on('error', () => undefined);
			socket.on('close', () => {
				sockets.delete(socket);
				other.destroy();
			});
		}
		there.pipe(client);
		client.on('data', (bytes) => {
			line.sent += bytes.length;
			if (!there.write(bytes)) {
				client.pause();
				there.once('drain', () => client.resume());
			}
			if (line.sent >= mark) {
				mark = Infinity;
				there.removeAllListeners('drain');
				client.pause(); // held: neither goes on nor ends
				reached();
			}
		});
	});

	await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
	line.base = `http://127.0.0.1:${server.address().port}`;

	/** Once so many bytes more have gone to the server, nothing goes on. */
	line.holdAfter = (bytes) => new Promise((resolve) => {
		mark = line.sent + bytes;
		reached = resolve;
	});
	line.cut = () => {
		isCut = true;
		for (const socket of sockets) {
			socket.destroy();
		}
	};
	line.mend = (to) => {
		port = to ? new URL(to).port : port;
		isCut = false;
	};
	line.close = () => {
		line.cut();
		server.close();
	};
	return line;
}
