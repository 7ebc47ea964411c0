// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';

import { barriers, check, logIn, NARROW, open, takePicture, visit } from './desk.js';

async function verdictOf(page, file) {
	return page.locator('.file', { hasText: file }).locator('.verdict .badge').innerText();
}

export default async function () {
	const { page, context, complaints } = await open();

	await logIn(page, 'thanhtra');
	await visit(page, '/ho-so/hs-xa-dak-long-2025');
	check('what is missing stands there with the article that demands it', 'true',
		/Còn thiếu 1 thành phần\s+Báo cáo thành tích.* theo Điều/.test(await page.innerText('.note')));
	check('what may follow stands there with who does it', 'true',
		(await page.innerText('main')).includes('Bình xét tại đơn vị (Cán bộ đơn vị, Thủ trưởng cơ quan, đơn vị)'));
	check('nothing bars the way through a draft', '', await barriers(page));
	await takePicture(page, 'draft-wide');

	await visit(page, '/ho-so/hs-da-niem-phong');
	check('the steps are told in their order',
		'Đang lập hồ sơ (chờ chuyển), Đã khen thưởng (đã ban hành quyết định), Kết thúc hồ sơ, Đã nộp lưu trữ',
		(await page.locator('.step strong').allInnerTexts()).join(', '));
	check('a good signature is told in words', 'Chữ ký hợp lệ',
		await verdictOf(page, 'Quyết định.pdf'));
	check('  with who signed', 'true',
		(await page.locator('.file', { hasText: 'Quyết định.pdf' }).innerText()).includes('Lê Thị Sáu, UBND xã Thọ Xuân'));
	check('  and so is one of a file that was changed', 'Chữ ký không hợp lệ',
		await verdictOf(page, 'Bản bị sửa.pdf'));
	check('the seal says its level', 'true',
		(await page.innerText('main')).includes('Đã ký (B-B)'));
	check('nothing bars the way through a sealed dossier', '', await barriers(page));
	await page.click('summary >> nth=0');
	await takePicture(page, 'sealed-wide');

	for (const [link, file] of [['text=Bản bị sửa.pdf', process.env.HOSO_CHANGED],
		['text=Tải gói hồ sơ', process.env.HOSO_CONTAINER]]) {
		const [download] = await Promise.all([page.waitForEvent('download'), page.click(link)]);
		const got = readFileSync(await download.path());

		check(`the bytes behind ${link.slice(5)} are those that were kept`, '0',
			Buffer.compare(got, readFileSync(file)));
	}

	await visit(page, '/ho-so/khong-co');
	check('a dossier that is not there is told with what to do next', 'true',
		/Không tìm thấy[\s\S]*Kiểm tra lại địa chỉ/.test(await page.innerText('.problem')));
	check('the browser has nothing to complain of in a dossier', '', complaints.join('; '));
	await context.close();

	const narrow = await open(NARROW);
	await logIn(narrow.page, 'thanhtra');
	await visit(narrow.page, '/ho-so/hs-da-niem-phong');
	await takePicture(narrow.page, 'sealed-narrow');
	check('a dossier is no wider than a telephone', '390',
		await narrow.page.evaluate(() => document.documentElement.scrollWidth));
	await narrow.context.close();
}
