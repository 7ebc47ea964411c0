// SPDX-License-Identifier: Apache-2.0
//
// From the log-in to a dossier handed in, with a file, by the keyboard alone.
import { join } from 'node:path';

import { check, inFocus, open, settle, tabTo, visit } from './desk.js';
import { papers } from './maker.js';

export default async function makingKeyboard() {
	const { page, context } = await open();
	const press = (key) => page.keyboard.press(key);
	const type = (text) => page.keyboard.type(text);

	async function fill(selector, text) {
		await tabTo(page, selector);
		await type(text);
	}

	page.on('filechooser', () => {}); // they are caught from now on, not from a press on
	await visit(page, '/dang-nhap');
	await fill('[name=login]', 'lanhdao');
	await press('Tab');
	await type(process.env.HOSO_PASSWORD);
	await press('Enter');
	await page.waitForURL('**/viec-hom-nay');
	await settle(page);
	await tabTo(page, 'nav a[href="/lap-ho-so"]');
	await press('Enter');
	await page.waitForURL('**/lap-ho-so');
	await settle(page);
	await tabTo(page, 'a[href*="nhap=new"].main');
	await press('Enter');
	await page.waitForURL('**nhap=new*');
	await settle(page);
	await tabTo(page, '[name=kind]');
	await type('Khen thưởng đột');
	await tabTo(page, '[name=procedure]');
	await type('Thủ tục đơn');
	await fill('[name=title]', 'Hồ sơ bằng bàn phím');
	await tabTo(page, 'main button[type=submit]');
	await press('Enter');
	await page.waitForURL('**buoc=de-nghi');
	await settle(page);
	const id = new URL(page.url()).pathname.split('/')[2];

	await fill('.candidate [name=name]', 'A Phím');
	await tabTo(page, '[name=award]');
	await type('Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh');
	await tabTo(page, '.candidate button[type=submit]');
	await press('Enter');
	await page.waitForSelector('.paper strong');
	check('after one is added the focus waits for the next name', 'name', await inFocus(page, 'name', 'name'));
	await tabTo(page, 'main > form button[type=submit]');
	await press('Enter');
	await page.waitForURL('**buoc=thanh-phan');
	await settle(page);
	for (const [code, name] of [['C_TOTRINH', 'tờ trình.pdf'], ['C_TOMTAT', 'báo cáo.pdf']]) {
		await page.waitForSelector(`.paper[data-code=${code}]`);
		await tabTo(page, `.paper[data-code=${code}] .drop input`);
		const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press('Space')]);

		await chooser.setFiles(join(papers, name));
		await page.waitForSelector(`.paper[data-code=${code}] .badge-good`);
		await settle(page);
	}
	await tabTo(page, 'a[href$="buoc=trinh"]');
	await press('Enter');
	await page.waitForURL('**buoc=trinh');
	await settle(page);
	await tabTo(page, '[data-step=submitted]');
	await press('Enter');
	await page.waitForSelector('dialog');
	await tabTo(page, 'dialog button[type=submit]');
	await press('Enter');
	await page.waitForSelector('text=Hồ sơ đã chuyển sang: Đã trình');
	const dossier = await (await page.request.get(`/api/v1/dossiers/${id}`)).json();

	check('by keys alone a dossier is handed in, with its files', 'submitted tờ trình.pdf báo cáo.pdf',
		[dossier.status, ...dossier.components.map((one) => one.attachment.name)].join(' '));
	await context.close();
}
