// SPDX-License-Identifier: Apache-2.0
//
// How soon a page has its data: HOSO_PACES has a line "NAME LOGIN PATH" a
// page, HOSO_ROUNDS says how often each is gone to.  Prints "NAME MEDIAN LEAST
// MOST COUNT", in milliseconds from the press of a link until all is drawn.
// "first-NAME LOGIN PATH SELECTOR": until that is seen by a browser that has
// nothing of the page yet, over a line of 1 Mbit/s with 200 ms delay.
// "scroll-NAME LOGIN PATH": the tree of units there, to its end and back; the
// frames are told as the times above, then long tasks, rows and requests.
import { logIn, open, visit } from './desk.js';
import { byKeys, byWheel, lookOn } from './smooth.js';

const rounds = Number(process.env.HOSO_ROUNDS);

/** Follows a link and tells when the last answer was drawn. */
function pressed(path) {
	return new Promise((resolve) => {
		const link = document.createElement('a');
		const begun = performance.now();
		let open = 0;
		let last = begun;
		const asked = window.fetch;

		window.fetch = async (...request) => {
			open++;
			try {
				return await asked(...request);
			} finally {
				open--;
			}
		};
		const watched = new MutationObserver(() => {
			last = performance.now();
		});
		watched.observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });
		link.href = path;
		document.body.append(link);
		link.click();
		link.remove();
		const look = () => {
			const now = performance.now();

			// At rest for long enough that nothing more is asked.
			if (open === 0 && document.querySelector('main .waiting') === null && now - last > 150 && now - begun > 200) {
				watched.disconnect();
				window.fetch = asked;
				resolve(last - begun);
			} else {
				setTimeout(look, 5);
			}
		};
		look();
	});
}

function tell(name, times) {
	const sorted = times.sort((a, b) => a - b);
	const rounded = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[0], sorted.at(-1)]
		.map((time) => time.toFixed(1));

	console.log(name, ...rounded, sorted.length);
}

async function inside(name, login, path) {
	const { page, context } = await open();
	const times = [];

	await logIn(page, login);
	await page.evaluate(pressed, path); // its code is fetched once a visit
	for (let round = 0; round < rounds; round++) {
		await page.evaluate(pressed, '/tai-khoan');
		times.push(await page.evaluate(pressed, path));
	}
	for (const refusal of await page.locator('main .problem').allInnerTexts()) {
		throw new Error(`${name}: ${refusal}`); // soon told, but no page
	}
	await context.close();
	tell(name, times);
}

async function first(name, login, path, seen) {
	const times = [];

	for (let round = 0; round < rounds; round++) {
		const { page, context } = await open();
		const line = await context.newCDPSession(page);

		await logIn(page, login);
		await page.goto('about:blank');
		await line.send('Network.enable');
		await line.send('Network.clearBrowserCache');
		await line.send('Network.emulateNetworkConditions',
			{ offline: false, latency: 200, downloadThroughput: 1e6 / 8, uploadThroughput: 1e6 / 8 });
		const begun = performance.now();

		await page.goto(path);
		await page.waitForSelector(`main ${seen}`);
		times.push(performance.now() - begun);
		await context.close();
	}
	tell(name, times);
}

async function scroll(name, login, path) {
	const { page, context } = await open();

	await logIn(page, login);
	await visit(page, path);
	for (const [by, move] of Object.entries({
		'wheel-first': () => byWheel(page, 1200), // its rows come meanwhile
		wheel: () => byWheel(page, 1200),
		keys: () => byKeys(page),
	})) {
		const { frames, tasks, rows, requests } = await lookOn(page, move);

		tell(`${name}-${by}-frame`, frames);
		tell(`${name}-${by}-task`, tasks.length > 0 ? tasks : [0]);
		tell(`${name}-${by}-rows`, [rows]);
		tell(`${name}-${by}-requests`, [requests]);
	}
	await context.close();
}

const kinds = { first, scroll };

export default async function () {
	for (const line of process.env.HOSO_PACES.trim().split('\n')) {
		const [name, login, path, seen] = line.split(' ');

		await (kinds[name.split('-')[0]] ?? inside)(name, login, path, seen);
	}
}
