// SPDX-License-Identifier: Apache-2.0
//
// Two people change one dossier at once.
import { barriers, check, logIn, NARROW, open, settle, takePicture, visit, WIDE } from './desk.js';
import { beginDossier, propose } from './maker.js';

async function toStage(page, id, stage) {
	await visit(page, `/ho-so/${id}/sua?buoc=${stage}`);
}

async function record(page, id) {
	return (await page.request.get(`/api/v1/dossiers/${id}`)).json();
}

export default async function makingMerge() {
	const one = await open();
	const two = await open();

	await logIn(one.page, 'vanthu');
	await logIn(two.page, 'vanthu2');
	const id = await beginDossier(one.page, 'Tên ban đầu');

	await propose(one.page, { kind: 'individual', name: 'Y Chung', award: 'merit_province' });
	await one.page.click('main > form button[type=submit]');
	await one.page.waitForURL('**buoc=thanh-phan');

	await toStage(one.page, id, 'de-nghi');
	await toStage(two.page, id, 'de-nghi');
	await propose(one.page, { kind: 'individual', name: 'Y Của Một', award: 'merit_province' });
	await propose(two.page, { kind: 'individual', name: 'Y Của Hai', award: 'merit_province' });
	await one.page.click('text=1. Thông tin chung');
	await two.page.click('text=1. Thông tin chung');
	await one.page.fill('[name=title]', 'Tên của một');
	await one.page.fill('[name=code]', 'MA-1');
	await two.page.fill('[name=title]', 'Tên của hai');
	await two.page.selectOption('[name=procedure]', 'simple');
	await one.page.click('main form button[type=submit]');
	await one.page.waitForURL('**buoc=de-nghi');
	const rev = (await record(one.page, id)).rev;

	await two.page.click('main form button[type=submit]');
	await two.page.waitForSelector('.merge');
	await settle(two.page);
	check('the second is not let overwrite the first', rev, (await record(two.page, id)).rev);
	check('who was quicker is named', true, (await two.page.textContent('.merge .note')).includes('vanthu'));
	check('each difference is a line', 'procedure title code awards awards',
		(await two.page.locator('.merge-line').evaluateAll((lines) => lines.map((line) => line.dataset.line))).join(' '));
	check('what it was, mine and theirs stand side by side', 'Tên ban đầu Tên của hai Tên của một',
		await two.page.locator('[data-line=title]').evaluate((line) => [
			line.querySelector('.hint').textContent.split(': ')[1],
			...[...line.querySelectorAll('.merge-value')].map((value) => value.textContent),
		].join(' ')));
	check('where one alone changed it, that is chosen', 'mine theirs',
		await two.page.evaluate(() => ['procedure', 'code'].map((name) =>
			document.querySelector(`[data-line=${name}] input:checked`)?.value).join(' ')));
	check('where both did, nothing is', 0, await two.page.locator('[data-line=title] input:checked').count());
	check('the merge view bars nobody', '', await barriers(two.page));
	await takePicture(two.page, 'making-merge');
	await two.page.setViewportSize(NARROW);
	await takePicture(two.page, 'making-merge-narrow');
	await two.page.setViewportSize(WIDE);

	await two.page.click('.merge button[type=submit]');
	check('nothing is sent before all is chosen', rev, (await record(two.page, id)).rev);
	await visit(two.page, `/ho-so/${id}/sua?buoc=chung`);
	check('what is to be chosen outlasts the page', 5, await two.page.locator('.merge-line').count());
	await two.page.check('[data-line=title] input[value=mine]');
	await two.page.click('.merge button[type=submit]');
	await two.page.waitForSelector('.stages');
	await settle(two.page);
	const merged = await record(two.page, id);

	check('the dossier is what was chosen', 'Tên của hai MA-1 simple',
		`${merged.title} ${merged.code} ${merged.procedure}`);
	check('and nobody whom one of them added is lost', 'Y Chung Y Của Hai Y Của Một',
		merged.awards.map((award) => award.subject.name).sort().join(' '));
	check('on the newest revision', rev + 1, merged.rev);

	// Now the first is behind, and takes what the second made of it.
	await one.page.click('text=1. Thông tin chung');
	await one.page.fill('[name=title]', 'Tên lần ba');
	await one.page.click('main form button[type=submit]');
	await one.page.waitForSelector('.merge');
	await one.page.check('[data-line=title] input[value=theirs]');
	await one.page.click('.merge button[type=submit]');
	await one.page.waitForSelector('.stages');
	await settle(one.page);
	check('who takes theirs makes no revision', `${rev + 1} Tên của hai`,
		`${(await record(one.page, id)).rev} ${await one.page.inputValue('[name=title]')}`);
	await one.context.close();
	await two.context.close();
}
