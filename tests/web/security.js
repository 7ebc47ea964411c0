// SPDX-License-Identifier: Apache-2.0
//
// Another site in the same browser, addresses that somebody sends, and names
// that would like to run: every page of web/src/pages is visited.
import { createServer } from 'node:http';

import { check, fillLogIn, follow, logIn, open, settle, visit } from './desk.js';
import { pathsOfPages } from './paths.js';

const { HOSO_PAGE: ours, HOSO_HARM: harm } = process.env;

/** What stands for {id} where the path begins so. */
const ids = {
	'/don-vi/': 'xa-hai',
	'/ho-so/': 'hs-hai',
	'/quan-tri/nguoi-dung/': process.env.HOSO_USER,
	'/quyet-dinh/': 'q-hai',
	'/van-ban/': 'vb-hai',
};

// --- another site ---------------------------------------------------------------------------

const attack = `<!doctype html><title>other</title>
<iframe id="frame" src="${ours}/don-vi" width="800" height="400"></iframe>
<form id="form" method="post" enctype="text/plain" action="${ours}/api/v1/users" target="sink">
<input name='{"login":"cua-sau","name":"X","x":"' value='"}'></form><iframe name="sink"></iframe>
<script src="${ours}/api/v1/session" onload="window.loaded=1"></script>`;

async function startSite() {
	const server = createServer((request, answer) => {
		answer.setHeader('Content-Type', 'text/html');
		answer.end(attack);
	});

	await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
	return { server, address: `http://127.0.0.1:${server.address().port}/` };
}

/** All that a page of another origin may send. */
async function assault(api) {
	const json = { 'Content-Type': 'application/json' };
	const body = '{"login":"cua-sau","name":"X","roles":[{"role":"system_admin"}]}';
	const tries = [
		{ method: 'POST', mode: 'no-cors', body },
		{ method: 'POST', mode: 'cors', body, headers: json },
		{ method: 'POST', mode: 'cors', body, headers: { ...json, 'X-CSRF-Token': '0'.repeat(64) } },
		{ method: 'POST', mode: 'no-cors', body: new URLSearchParams({ login: 'x' }) },
	];
	const got = [];

	for (const path of ['/users', '/dossiers', '/session/password', '/session?everywhere=true', '/plugins/reload']) {
		for (const request of tries) {
			try {
				const answer = await fetch(api + path, { credentials: 'include', ...request });

				got.push(answer.type === 'opaque' ? 'opaque' : `${answer.status}`);
			} catch {
				got.push('stopped');
			}
		}
	}
	for (const path of ['/session', '/users', '/dossiers/hs-hai']) {
		try {
			got.push(await (await fetch(api + path, { credentials: 'include' })).text());
		} catch {
			got.push('stopped');
		}
	}
	document.getElementById('form').submit();
	return [...new Set(got)].sort().join();
}

async function otherSite() {
	const { page, context } = await open();
	const { server, address } = await startSite();
	const users = () => page.request.get('/api/v1/users').then((answer) => answer.json());
	const system = () => page.request.get('/api/v1/system').then((answer) => answer.json());

	await logIn(page, 'quantri');
	const before = (await system()).log_entries;
	const other = await context.newPage();
	await other.goto(address);
	check('another site reads no answer, and its requests are stopped or not shown', 'opaque,stopped',
		await other.evaluate(assault, `${ours}/api/v1`));
	await other.waitForLoadState('networkidle');
	check('  a script of it gets nothing', 'undefined', await other.evaluate(() => typeof window.loaded));
	const frame = other.frames().find((one) => one.parentFrame() !== null && one.name() !== 'sink');
	await frame.waitForLoadState();
	check('  a frame of it shows nothing of ours', 'chrome-error://chromewebdata/ 0',
		`${frame.url()} ${await frame.locator('#page, header.top').count()}`);
	check('  and nothing was changed', `${before} true`,
		`${(await system()).log_entries} ${!JSON.stringify(await users()).includes('cua-sau')}`);
	await page.reload();
	await settle(page);
	check('  and who is logged in still is', 'quantri', await page.innerText('.account-name'));
	await other.close();
	server.close();
	await context.close();
}

// --- addresses that somebody sends ---------------------------------------------------------------

async function addresses() {
	const aims = ['//example.org/', '/\\example.org/', '/\t/example.org/', 'https://example.org/', 'javascript:window.hacked=1',
		'/.//example.org/', '\\\\example.org', 'data:text/html,x', '/%2F/example.org', '//\texample.org', '/don-vi?mode=exact'];
	const { page, context, complaints } = await open();

	for (const aim of aims) {
		await context.clearCookies();
		await visit(page, `/dang-nhap?aim=${encodeURIComponent(aim)}`);
		await fillLogIn(page, 'quantri');
		await page.waitForSelector('.account-name');
		await settle(page);
		check(`a log-in stays here: ${JSON.stringify(aim)}`, ours, new URL(page.url()).origin);
		check('  and shows a page', '1', await page.locator('h1').count());
	}
	for (const path of ['/ho-so/%', '/ho-so/%E0%A4%A', '/don-vi/%C3%28', '/quan-tri/nguoi-dung/%zz', '/%']) {
		await visit(page, '/don-vi');
		await follow(page, path);
		check(`an address that is no text is no page: ${path}`, 'Không có trang này', await page.innerText('h1'));
	}
	check('the browser has nothing to complain of', '', complaints.join('; '));
	await context.close();
}

// --- names that would like to run ----------------------------------------------------------------

/** What of the harmful text became an element, and whether it ran. */
async function harmOf(page) {
	return page.evaluate(() => {
		const made = document.querySelectorAll(
			'main img[src="x"], img[onerror], script:not([src]), [onload], nav img, header img, title img');

		return `${typeof window.hacked} ${made.length} ${document.body.innerText.includes('49"')}`;
	});
}

async function names() {
	const seen = { text: '' };
	const paths = [...new Set([...pathsOfPages(ids), '/quan-tri/nguoi-dung?login=hai', '/don-vi/tinh',
		'/don-vi/xa-hai?mode=territory', `/don-vi?name=${encodeURIComponent(harm)}`,
		'/khen-thuong?unit=xa-hai&from=2025-07-01&to=2025-12-31', '/bieu-do?unit=xa-hai&from=2025-07-01&to=2025-12-31',
		'/bao-cao?report=half-year&unit=xa-hai&from=2025-07-01&to=2025-12-31', '/van-ban?so=8/QĐ-UBND',
		'/so-lieu?unit=xa-hai&from=2025-07-01&to=2025-12-31', '/xep-hang?cluster=tinh&year=2025&scheme=score_table_v1',
		`/xep-hang?ranking=${process.env.HOSO_RANKING}`, `/xep-hang?ranking=${process.env.HOSO_VOTE}`])];

	check('the pages are found', 'true', paths.length > 12);
	for (const login of ['hai', 'quantri', 'luutru']) {
		const { page, context, complaints } = await open();
		const bad = [];

		await logIn(page, login);
		for (const path of paths) {
			await visit(page, path.startsWith('/dang-nhap') ? '/kiem-tra' : path);
			const found = await harmOf(page);

			if (found !== 'undefined 0 false') {
				bad.push(`${path}: ${found}`);
			}
			// What stands in fields is seen, too, and what is told of them.
			seen.text += await page.evaluate(() => [document.body.innerText,
				...[...document.querySelectorAll('input, textarea')].flatMap((field) => [field.value, field.title])].join('\n'));
		}
		check(`${login}: no name runs or becomes an element on ${paths.length} pages`, '', bad.join('; '));
		check('  and no rule of the browser had to stop anything', '', complaints.join('; '));
		await context.close();
	}
	const text = seen.text.normalize('NFC').replace(/\s+/g, ' ');
	for (const tag of ['unit', 'title', 'code', 'person', 'user', 'token', 'place', 'subject', 'granted', 'words', 'quote', 'part',
		'scored', 'excluded', 'candidate',
		'signer', 'position', 'addressee', 'issued at', 'recipient', 'cited', 'cited issuer', 'cited note', 'issuer']) {
		check(`[${tag}] is seen as it is`, 'true', text.includes(`[${tag}]${harm}`.replace(/\s+/g, ' ')));
	}
	for (const tag of ['[file]trang.html', '[name]<img src=x onerror=window.hacked=1>.txt', '[plugin]<img']) {
		check(`${tag} is seen as it is`, 'true', text.includes(tag));
	}
}

async function files() {
	const { page, context } = await open();

	await logIn(page, 'thanhtra');
	for (const sum of [process.env.HOSO_FILE, process.env.HOSO_SVG]) {
		const [download] = await Promise.all([
			page.waitForEvent('download'),
			page.evaluate((path) => {
				window.location.href = path;
			}, `/api/v1/dossiers/hs-hai/files/${sum}`),
		]);
		check('a file that could run is kept, not opened', 'true undefined',
			`${download.suggestedFilename().length > 0} ${await page.evaluate(() => typeof window.hacked)}`);
		await download.cancel();
	}
	await context.close();
}

export default async function security() {
	await otherSite();
	await addresses();
	await names();
	await files();
}
