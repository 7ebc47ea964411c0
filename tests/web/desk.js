// SPDX-License-Identifier: Apache-2.0
//
// A reader in front of the page: a browser, log-ins, and checks that go to the
// shell as lines "wanted TAB got TAB sentence" (web.t prints them as TAP).
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const { HOSO_PAGE: origin, HOSO_PASSWORD: password } = process.env;
const { HOSO_CHECKS: checks, HOSO_PICTURES: pictures } = process.env;
const patience = 1000 * 30 * Number(process.env.HOSO_PATIENCE || 1);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const WIDE = { width: 1366, height: 768 };
export const NARROW = { width: 390, height: 844 };

function oneLine(value) {
	return String(value).replace(/\s+/g, ' ').trim() || '-';
}

export function check(sentence, wanted, got) {
	appendFileSync(checks, `${oneLine(wanted)}\t${oneLine(got)}\t${sentence}\n`);
}

/** Requests of each page that have no answer yet. */
const underWay = new WeakMap();

let browser;

const launching = {
	executablePath: process.env.HOSO_CHROMIUM,
	// Nothing of the browser's own goes out to the network.
	args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
		'--disable-background-networking', '--disable-component-update', '--disable-sync'],
};

export async function openBrowser() {
	browser = await chromium.launch(launching);
}

export async function closeBrowser() {
	await browser.close();
}

/** A new browser of its own; complaints of the page are kept in `complaints`. */
export async function open(size = WIDE) {
	return sit(await browser.newContext({ viewport: size, baseURL: origin, locale: 'vi-VN' }));
}

/**
 * A browser that finds in this folder what it kept there before it was closed.
 * `base` is where it reaches the server, if not straight.
 */
export async function openLasting(folder, base = origin) {
	return sit(await chromium.launchPersistentContext(folder,
		{ ...launching, viewport: WIDE, baseURL: base, locale: 'vi-VN' }), base);
}

/** In front of a new page of a browser: another window of whoever is logged in there. */
export async function sit(context, base = origin) {
	const page = await context.newPage();
	const complaints = [];

	const requests = new Set();

	underWay.set(page, requests);
	page.on('request', (request) => requests.add(request));
	page.on('requestfinished', (request) => requests.delete(request));
	page.on('requestfailed', (request) => requests.delete(request));
	context.setDefaultTimeout(patience);
	page.on('pageerror', (error) => complaints.push(error.message));
	page.on('console', (line) => {
		// A refusal of the API is told to the reader; that is looked at elsewhere.
		if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) {
			complaints.push(line.text());
		}
	});
	page.on('request', (request) => {
		if (!request.url().replace(/^blob:/, '').startsWith(`${base}/`)) {
			complaints.push(`asked ${request.url()}`);
		}
	});
	return { page, context, complaints };
}

/** By the form of the page that is shown. */
export async function fillLogIn(page, login) {
	await page.fill('[name=login]', login);
	await page.fill('[name=password]', password);
	await page.click('main button[type=submit]');
}

/** The page of units as somebody sees it, without the way through the form. */
export async function logIn(page, login) {
	await page.request.post('/api/v1/session', { data: { login, password } });
	await visit(page, '/don-vi');
}

/** Until the page is there and nothing is on its way to it. */
export async function settle(page) {
	await page.waitForSelector('h1, .problem');
	do {
		await page.waitForFunction(() => document.querySelector('.waiting') === null);
		// What was just answered is drawn, and may ask for more.
		await page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 20)));
	} while (underWay.get(page).size > 0);
}

export async function visit(page, path) {
	await page.goto(path);
	await settle(page);
}

/** The same by a link, without a new document. */
export async function follow(page, path) {
	await page.evaluate((to) => {
		const link = document.createElement('a');

		link.href = to;
		document.body.append(link);
		link.click();
		link.remove();
	}, path);
	await settle(page);
}

/** What axe-core finds serious or critical, as one line. */
export async function barriers(page) {
	await page.evaluate(axe);
	const found = await page.evaluate(() =>
		globalThis.axe.run(document, { resultTypes: ['violations'] }));
	return found.violations
		.filter((violation) => ['serious', 'critical'].includes(violation.impact))
		.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target).join(' ')}`)
		.join('; ');
}

export async function takePicture(page, name) {
	mkdirSync(pictures, { recursive: true });
	await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** A member of what has the focus, when it is as wanted: the focus moves after what is drawn. */
export async function inFocus(page, member, wanted) {
	await page.waitForFunction(([key, value]) => document.activeElement?.[key] === value, [member, wanted]).catch(() => undefined);
	return page.evaluate((key) => document.activeElement?.[key], member);
}

/** Presses Tab until the element in focus is the one that is meant. */
export async function tabTo(page, selector) {
	for (let i = 0; i < 100; i++) {
		await page.keyboard.press('Tab');
		if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
			return true;
		}
	}
	return false;
}

/** The status of GET of the API with the page's own log-in. */
export async function statusOf(page, path) {
	const answer = await page.request.get(`/api/v1${path}`);

	return answer.status();
}
