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
/** What the browser says of the fields that keep a form from being sent. */
export async function wanting(page) {
	return (await page.locator('main form :is(input, select, textarea):invalid').evaluateAll((fields) =>
		fields.map((field) => `${field.name}: ${field.validationMessage}`))).join(' ');
}

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

/** What is wrong with how the question that is open looks, on the window as it is now. */
async function faultsAtWidth(page) {
	const faults = [await barriers(page)].filter(Boolean);
	const seen = await page.evaluate(() => {
		const box = document.querySelector('dialog[open]');
		const { left, right, top, bottom } = box.getBoundingClientRect();

		return {
			isInside: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight,
			isWider: box.scrollWidth > box.clientWidth || document.documentElement.scrollWidth > innerWidth,
		};
	});

	if (!seen.isInside) {
		faults.push('lies outside the window');
	}
	if (seen.isWider) {
		faults.push('is wider than its box');
	}
	return faults;
}

/**
 * What is wrong with the question that was just opened by a button, as one
 * line: it has the focus and keeps it, bars nobody's way and fits a screen and
 * a telephone (of which pictures are left), Escape leads back to its button,
 * and Enter there opens it again: so it stands afterwards, as it stood.
 */
export async function questionFaults(page, name) {
	const size = page.viewportSize();
	const faults = [];
	const isInside = () => page.evaluate(() => document.activeElement?.closest('dialog[open]') !== null);

	await page.waitForSelector('dialog[open]');
	await settle(page);
	if (!(await isInside())) {
		faults.push('has not the focus');
	}
	for (const [width, word] of [[WIDE, 'wide'], [NARROW, 'narrow']]) {
		await page.setViewportSize(width);
		faults.push(...(await faultsAtWidth(page)).map((fault) => `${word}: ${fault}`));
		await page.screenshot({ path: join(pictures, `question-${name}-${word}.png`) });
	}
	await page.setViewportSize(size);
	for (let i = 0; i < (await page.locator('dialog[open] :is(button, input, select, textarea)').count()) + 2; i++) {
		await page.keyboard.press('Tab');
		if (!(await isInside()) && (await page.evaluate(() => document.activeElement !== document.body))) {
			faults.push('lets the focus out');
		}
	}
	await page.keyboard.press('Escape');
	await page.waitForSelector('dialog', { state: 'detached' });
	if ((await page.evaluate(() => document.activeElement?.tagName)) !== 'BUTTON') {
		faults.push('does not lead back to its button');
		return faults.join('; ');
	}
	await page.keyboard.press('Enter');
	await page.waitForSelector('dialog[open]');
	return faults.join('; ');
}

/** The status of GET of the API with the page's own log-in. */
export async function statusOf(page, path) {
	const answer = await page.request.get(`/api/v1${path}`);

	return answer.status();
}
