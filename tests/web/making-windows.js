// SPDX-License-Identifier: Apache-2.0
//
// One user with two windows: a draft is one draft, whichever he types in.
import { check, logIn, open, settle, sit, visit } from './desk.js';
import { beginDossier, fillGeneral } from './maker.js';

async function record(page, id) {
	return (await page.request.get(`/api/v1/dossiers/${id}`)).json();
}

/** Until the field has that value. */
async function reads(page, name, value) {
	await page.waitForFunction(([field, wanted]) =>
		document.querySelector(`[name=${field}]`)?.value === wanted, [name, value]);
	return value;
}

async function oneDraft(one, two, id) {
	for (const page of [one, two]) {
		await visit(page, `/ho-so/${id}/sua?buoc=chung`);
	}
	await one.fill('[name=title]', 'Gõ ở cửa sổ một');
	check('what is typed in one window stands in the other', 'Gõ ở cửa sổ một',
		await reads(two, 'title', 'Gõ ở cửa sổ một'));
	await two.fill('[name=code]', 'HAI-2');
	check('  and the other way round', 'HAI-2', await reads(one, 'code', 'HAI-2'));
	for (const page of [one, two]) {
		await visit(page, '/lap-ho-so');
		await visit(page, `/ho-so/${id}/sua?buoc=chung`);
	}
	check('both are there when the windows are opened anew', 'Gõ ở cửa sổ một HAI-2',
		`${await one.inputValue('[name=title]')} ${await two.inputValue('[name=code]')}`);
}

async function sentOnce(one, two, id) {
	const { rev } = await record(one, id);

	await one.click('main form button[type=submit]');
	await one.waitForURL('**buoc=de-nghi');
	await two.waitForSelector(`text=lần sửa ${rev + 1}`);
	check('what one window has sent is saved in the other', 'Gõ ở cửa sổ một HAI-2',
		`${await reads(two, 'title', 'Gõ ở cửa sổ một')} ${await reads(two, 'code', 'HAI-2')}`);
	await two.fill('[name=code]', 'HAI-3');
	await two.click('main form button[type=submit]');
	await two.waitForURL('**buoc=de-nghi');
	const now = await record(two, id);

	check('  which goes on from there, with nothing to merge', `${rev + 2} Gõ ở cửa sổ một HAI-3`,
		`${now.rev} ${now.title} ${now.code}`);
	await one.click('text=1. Thông tin chung');
	check('  and the first follows', 'HAI-3', await reads(one, 'code', 'HAI-3'));
	check('  with no merge', 0, (await one.locator('.merge').count()) + (await two.locator('.merge').count()));
	check('nothing is left that would be kept', 'null',
		await one.evaluate((name) => String(Object.keys(localStorage).find((key) => key.endsWith(name)) ?? null), id));
}

async function madeOnce(one, two) {
	await visit(one, '/lap-ho-so');
	await one.click('main a.main');
	await visit(two, new URL(one.url()).pathname + new URL(one.url()).search);
	await fillGeneral(one, 'Lập ở hai cửa sổ');
	await reads(two, 'title', 'Lập ở hai cửa sổ');
	await two.fill('[name=code]', 'LAP-2');
	await reads(one, 'code', 'LAP-2');
	await one.click('main button[type=submit]');
	await one.waitForURL('**/sua?buoc=de-nghi');
	await two.waitForFunction(() => location.search === '');
	await settle(two);
	check('a dossier that one window has made is in the list of the other', 1,
		await two.locator('a[href$="/sua"]', { hasText: 'Lập ở hai cửa sổ' }).count());
	check('  and has what was typed in both', 'Lập ở hai cửa sổ LAP-2',
		await record(one, new URL(one.url()).pathname.split('/')[2]).then(({ title, code }) => `${title} ${code}`));
}

export default async function makingWindows() {
	const { page: one, context, complaints } = await open();
	const { page: two, complaints: others } = await sit(context);

	await logIn(one, 'vanthu');
	await oneDraft(one, two, await beginDossier(one, 'Hai cửa sổ'));
	await sentOnce(one, two, new URL(one.url()).pathname.split('/')[2]);
	await madeOnce(one, two);
	check('the browser has nothing to complain of', '', [...complaints, ...others].join('; '));
	await context.close();
}
