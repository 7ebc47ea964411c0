// SPDX-License-Identifier: Apache-2.0
//
// A dossier from nothing to the review in the unit and on to the standing
// body, by mouse; what is missing is told by its rule on the way.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { barriers, check, follow, logIn, NARROW, open, questionFaults, settle, takePicture, visit, wanting, WIDE } from './desk.js';
import { beginDossier, papers, propose, sendFile } from './maker.js';

async function dropFile(page, code, name) {
	const bytes = readFileSync(join(papers, name)).toString('base64');
	const data = await page.evaluateHandle(([name, bytes]) => {
		const transfer = new DataTransfer();
		const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));

		transfer.items.add(new File([content], name, { type: 'application/pdf' }));
		return transfer;
	}, [name, bytes]);

	await page.dispatchEvent(`.paper[data-code=${code}] .drop`, 'drop', { dataTransfer: data });
}

async function whoMay() {
	for (const [login, wanted] of [['vanthu', 1], ['luutru', 1], ['canhan', 1], ['thutruong', 0], ['thanhtra', 0]]) {
		const { page, context } = await open();

		await logIn(page, login);
		check(`${login} is offered to make a dossier as his roles say`, wanted,
			await page.locator('nav a[href="/lap-ho-so"]').count());
		await context.close();
	}
}

export default async function making() {
	await whoMay();
	const { page, context, complaints } = await open();

	await logIn(page, 'vanthu');
	await visit(page, '/lap-ho-so');
	check('who has nothing unfinished is told so', 'Không có hồ sơ nào đang lập.',
		await page.textContent('main section p'));
	check('the beginning bars nobody', '', await barriers(page));
	await page.click('main a.main');
	await page.click('main button[type=submit]');
	check('what is needed is asked for before anything is sent', true, page.url().includes('/lap-ho-so'));
	check('  in the language of the page', true,
		(await wanting(page)).startsWith('kind: Hãy chọn một mục trong danh sách này. title: Hãy điền vào ô này.'));
	check('the first step bars nobody', '', await barriers(page));
	await page.setViewportSize(NARROW);
	await takePicture(page, 'making-general-narrow');
	await page.setViewportSize(WIDE);
	await takePicture(page, 'making-general');
	const id = await beginDossier(page, 'Bằng khen cho thôn Xốp Nghét');

	check('the draft is at the server', 'draft',
		(await (await page.request.get(`/api/v1/dossiers/${id}`)).json()).status);

	await page.selectOption('[name=award]', 'fighter_base');
	await settle(page);
	check('what an award takes is told when it is chosen',
		'Tờ trình đề nghị khen thưởng|Báo cáo thành tích, có xác nhận của cấp trình|Biên bản họp bình xét thi đua',
		(await page.locator('.demands li').allTextContents()).slice(0, 3).join('|'));
	check('with the article', true, (await page.textContent('.demands')).includes('Điều 50 Nghị định 91/2017/NĐ-CP'));
	await propose(page, { kind: 'individual', name: 'Y Bình', award: 'merit_province' });
	await propose(page, { kind: 'collective', name: 'Thôn Xốp Nghét', award: 'merit_province' });
	await page.selectOption('[name=subject]', 'collective');
	await page.fill('[name=subject_unit]', 'xốp');
	await page.click('.candidate [role=option] >> nth=0');
	await page.waitForFunction(() => document.querySelector('.candidate [name=name]').value === 'Xã Xốp');
	await page.selectOption('[name=award]', 'merit_province');
	await takePicture(page, 'making-unit');
	await page.click('.candidate button[type=submit]');
	check('a collective that is a unit is chosen, and leads there', '/don-vi/xa-xop-2025',
		await page.locator('.paper a', { hasText: 'Xã Xốp' }).getAttribute('href'));
	check('  and the next one is none', '', await page.inputValue('[name=subject_unit]'));
	check('an individual is somebody, a collective has no sex', 0, await page.locator('[name=woman]').count());
	check('the second step bars nobody', '', await barriers(page));
	await takePicture(page, 'making-awards');
	await page.click('main > form button[type=submit]');
	await page.waitForURL('**buoc=thanh-phan');
	await settle(page);
	const { awards } = await (await page.request.get(`/api/v1/dossiers/${id}`)).json();

	check('  the dossier has it as such', 'collective Xã Xốp xa-xop-2025',
		awards.map(({ subject }) => subject).filter(({ unit }) => unit).map(({ kind, name, unit }) => `${kind} ${name} ${unit}`).join());
	check('three papers are missing', 3, await page.locator('.paper .badge-bad').count());
	check('each by its rule', true,
		(await page.textContent('.paper[data-code=C_BB_HOIDONG]')).includes('Hồ sơ Bằng khen cấp tỉnh, theo thủ tục hành chính'));
	await sendFile(page, 'C_TOTRINH', 'tờ trình.pdf');
	await page.waitForSelector('.paper[data-code=C_TOTRINH] .badge-good');
	await dropFile(page, 'C_BCTT', 'báo cáo.pdf');
	await page.waitForSelector('.paper[data-code=C_BCTT] .badge-good');
	check('what is dropped is in the dossier like what is chosen', 'tờ trình.pdf báo cáo.pdf',
		(await page.locator('.paper a[download]').allTextContents()).join(' '));
	check('the third step bars nobody', '', await barriers(page));
	await takePicture(page, 'making-papers');

	await page.click('text=4. Kiểm tra và trình');
	await settle(page);
	check('what is still missing is told before handing in', 'Còn thiếu 1 thành phần', await page.textContent('.note-bad h3'));
	check('the last step bars nobody', '', await barriers(page));
	await page.setViewportSize(NARROW);
	await takePicture(page, 'making-hand-in-narrow');
	await page.setViewportSize(WIDE);
	await page.click('[data-step=unit_review]');
	check('nothing is wrong with the question of a step', '', await questionFaults(page, 'hand-in'));
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('text=Hồ sơ đã chuyển sang: Bình xét tại đơn vị.');
	check('a clerk hands over to the review, and no further', 0, await page.locator('[data-step=submitted]').count());
	check('no rule of the browser had to stop anything', '', complaints.join('; '));
	await context.close();
	await headSubmits(id);
}

/** The head takes it on: first refused, since a paper is missing. */
async function headSubmits(id) {
	const head = await open();
	const clerk = await open();

	await logIn(head.page, 'thutruong');
	await visit(head.page, `/ho-so/${id}/sua`);
	check('a head changes nothing, he takes the step', '1 0',
		`${await head.page.locator('.stages li').count()} ${await head.page.locator('[name=title]').count()}`);
	await head.page.click('[data-step=submitted]');
	await head.page.click('dialog button[type=submit]');
	await head.page.waitForSelector('dialog .problem');
	check('an incomplete dossier is refused in words', true,
		(await head.page.textContent('dialog .problem')).includes('thiếu'));
	await head.page.click('dialog button[type=button]');

	await logIn(clerk.page, 'vanthu');
	await visit(clerk.page, `/ho-so/${id}/sua?buoc=thanh-phan`);
	await sendFile(clerk.page, 'C_BB_HOIDONG', 'biên bản.pdf');
	await clerk.page.waitForSelector('.paper[data-code=C_BB_HOIDONG] .badge-good');
	await clerk.page.click('[aria-label="Bỏ tệp báo cáo.pdf"]');
	check('nothing is wrong with the question of a paper', '', await questionFaults(clerk.page, 'paper'));
	await clerk.page.click('dialog button[type=submit]');
	await clerk.page.waitForSelector('.paper[data-code=C_BCTT] .badge-bad');
	check('a paper is taken out again, the others stay', 'tờ trình.pdf biên bản.pdf',
		(await clerk.page.locator('.paper a[download]').allTextContents()).join(' '));
	await sendFile(clerk.page, 'C_BCTT', 'báo cáo.pdf');
	await clerk.page.waitForSelector('.paper[data-code=C_BCTT] .badge-good');
	await follow(clerk.page, `/ho-so/${id}/sua?buoc=trinh`);
	check('now it is whole', 'Đủ thành phần theo quy định.', await clerk.page.locator('main > p.note-good').textContent());

	await visit(head.page, `/ho-so/${id}/sua`);
	await head.page.click('[data-step=submitted]');
	await head.page.click('dialog button[type=submit]');
	await head.page.waitForSelector('text=Hồ sơ đã chuyển sang: Đã trình');
	await visit(clerk.page, `/ho-so/${id}/sua`);
	check('what was submitted is not offered to be changed', 0, await clerk.page.locator('[name=title]').count());
	await head.context.close();
	await clerk.context.close();
}
