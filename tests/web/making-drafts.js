// SPDX-License-Identifier: Apache-2.0
//
// Nothing that was typed is lost: not when the browser is closed, the line
// breaks or the log-in ends; and nobody else at the same machine sees it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check, fillLogIn, logIn, openLasting, settle, takePicture, visit } from './desk.js';
import { beginDossier, fillGeneral, propose } from './maker.js';

const title = 'Hồ sơ gõ dở';

async function titleShown(page) {
	return page.inputValue('[name=title]');
}

export default async function makingDrafts() {
	const folder = mkdtempSync(join(tmpdir(), 'hoso-browser-'));

	try {
		await closedAndOpened(folder);
		await lineAndLogIn(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function closedAndOpened(folder) {
	let { page, context } = await openLasting(folder);

	await logIn(page, 'vanthu');
	await visit(page, '/lap-ho-so');
	await page.click('main a.main');
	await fillGeneral(page, title);
	await page.waitForSelector('text=đã giữ trên máy này');
	await context.close();

	({ page, context } = await openLasting(folder));
	await logIn(page, 'vanthu2');
	await visit(page, '/lap-ho-so');
	check('another user of the browser does not see what was typed', 0, await page.locator(`text=${title}`).count());
	await logIn(page, 'vanthu');
	await visit(page, '/lap-ho-so');
	await takePicture(page, 'making-begun');
	await page.click(`text=${title}`);
	check('after the browser was closed, who typed it goes on', title, await titleShown(page));
	await page.click('main button[type=submit]');
	await page.waitForURL('**/sua?buoc=de-nghi');
	await settle(page);
	const id = new URL(page.url()).pathname.split('/')[2];

	await page.selectOption('[name=subject]', 'individual');
	await page.fill('.candidate [name=name]', 'Y Đang Gõ');
	await page.waitForSelector('text=đã giữ trên máy này');
	await context.close();

	({ page, context } = await openLasting(folder));
	await logIn(page, 'vanthu');
	await visit(page, '/lap-ho-so');
	check('what the server has is kept here no more', 0, await page.locator('a[href*="nhap=new"]', { hasText: title }).count());
	check('but is in the list of the unfinished', 1, await page.locator(`a[href="/ho-so/${id}/sua"]`).count());
	await visit(page, `/ho-so/${id}/sua?buoc=de-nghi`);
	check('also somebody who was being typed is still there', 'Y Đang Gõ', await page.inputValue('.candidate [name=name]'));
	await propose(page, { kind: 'individual', name: 'Y Xong', award: 'merit_province' });
	await visit(page, `/ho-so/${id}/sua?buoc=de-nghi`);
	check('and who was added but not sent', 1, await page.locator('.paper strong', { hasText: 'Y Xong' }).count());
	await context.close();
}

async function lineAndLogIn(folder) {
	const { page, context } = await openLasting(folder);

	await logIn(page, 'vanthu');
	await visit(page, '/lap-ho-so');
	await page.click('main a.main');
	await fillGeneral(page, 'Hồ sơ rớt mạng');
	// The dossier is made, but the answer never comes.
	await page.route('**/api/v1/dossiers', async (route) => {
		await route.fetch();
		await route.abort('connectionreset');
	}, { times: 1 });
	await page.click('main button[type=submit]');
	await page.waitForSelector('.problem');
	check('a broken line is told, with what to do', true, (await page.textContent('.problem')).includes('đường truyền'));
	check('and what was typed stands there', 'Hồ sơ rớt mạng', await titleShown(page));
	await page.fill('[name=title]', 'Hồ sơ rớt mạng, sửa lại');
	await page.click('main button[type=submit]');
	await page.waitForURL('**/sua?buoc=de-nghi');
	await settle(page);
	const id = new URL(page.url()).pathname.split('/')[2];

	await page.click('text=1. Thông tin chung');
	check('it is made once, and what was typed since is not lost', 'Hồ sơ rớt mạng, sửa lại', await titleShown(page));
	await page.click('main form button[type=submit]');
	await page.waitForURL('**/sua?buoc=de-nghi');
	const { dossiers } = await (await page.request.get(
		'/api/v1/units/xa-xop-2025/dossiers?mode=exact&status=draft')).json();
	check('one dossier of that name', 'Hồ sơ rớt mạng, sửa lại',
		dossiers.map((row) => row.title).filter((name) => name.startsWith('Hồ sơ rớt mạng')).join());

	await visit(page, `/ho-so/${id}/sua?buoc=chung`);
	await page.fill('[name=title]', 'Gõ khi phiên đã hết');
	await context.clearCookies();
	await page.click('main form button[type=submit]');
	await page.waitForURL('**/dang-nhap?aim=*');
	await fillLogIn(page, 'vanthu');
	await page.waitForURL(`**/ho-so/${id}/sua?buoc=chung`);
	await settle(page);
	check('a log-in that ended leads back to what was typed', 'Gõ khi phiên đã hết', await titleShown(page));
	await page.click('main form button[type=submit]');
	await page.waitForURL('**/sua?buoc=de-nghi');
	check('which is then saved', 'Gõ khi phiên đã hết',
		(await (await page.request.get(`/api/v1/dossiers/${id}`)).json()).title);
	await goneOn(page, id);
	await context.close();
}

/** What is typed of a dossier that somebody else has meanwhile handed on. */
async function goneOn(page, id) {
	const dossier = await (await page.request.get(`/api/v1/dossiers/${id}`)).json();
	const { csrf } = await (await page.request.get('/api/v1/session')).json();

	await visit(page, `/ho-so/${id}/sua?buoc=chung`);
	await page.fill('[name=title]', 'Gõ khi đã chuyển');
	await page.request.post(`/api/v1/dossiers/${id}/steps`,
		{ data: { status: 'unit_review' }, headers: { 'X-CSRF-Token': csrf } });
	await page.click('main form button[type=submit]');
	await page.waitForURL('**buoc=de-nghi');
	await settle(page);
	check('a step of somebody else does not stop who types', 'Gõ khi đã chuyển',
		(await (await page.request.get(`/api/v1/dossiers/${id}`)).json()).title);
	check('each saving is one revision', dossier.rev + 2,
		(await (await page.request.get(`/api/v1/dossiers/${id}`)).json()).rev);
}
