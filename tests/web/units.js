// SPDX-License-Identifier: Apache-2.0
import { barriers, check, logIn, NARROW, open, settle, takePicture } from './desk.js';

async function names(page, scope) {
	return (await page.locator(scope).allInnerTexts()).join(', ');
}

/** The list of a branch that is open. */
async function openBranch(page, name) {
	await page.click(`button[aria-label="Đơn vị thuộc ${name}"]`);
	await settle(page);
}

export default async function () {
	const { page, context, complaints } = await open();
	const asked = [];

	await logIn(page, 'thanhtra');
	page.on('request', (request) => asked.push(new URL(request.url()).pathname));
	await settle(page);
	check('no province is asked what is below it before it is opened', '0',
		asked.filter((path) => path.endsWith('/children')).length);

	await page.fill('input[name=day]', '30/6/2025');
	await page.press('input[name=day]', 'Enter');
	await page.waitForURL('**as_of=2025-06-30');
	await settle(page);
	check('on the last day of the old map Kon Tum is a province', '1',
		await page.locator('.tree > li > .branch a', { hasText: 'Tỉnh Kon Tum' }).count());
	await openBranch(page, 'Tỉnh Kon Tum');
	await openBranch(page, 'Huyện Đắk Glei');
	const communes = await names(page, '.tree ul ul a');
	check('the communes of a district are in the order of the alphabet', 'true',
		communes.indexOf('Xã Đắk Choong') > 0 &&
			communes.indexOf('Xã Đắk Choong') < communes.indexOf('Xã Xốp'));
	check('nothing bars the way through the tree', '', await barriers(page));
	await takePicture(page, 'units-wide');

	await page.click('text=Hôm nay');
	await settle(page);
	check('today it is none any more', '0',
		await page.locator('.tree > li > .branch a', { hasText: 'Tỉnh Kon Tum' }).count());

	await page.fill('input[name=day]', '31/2/2025');
	await page.press('input[name=day]', 'Tab');
	check('a day that is none is not taken', '/don-vi', new URL(page.url()).pathname + new URL(page.url()).search);
	check('  and told to be so', 'Viết ngày theo thứ tự ngày/tháng/năm, ví dụ 01/07/2025.',
		await page.$eval('input[name=day]', (input) => input.validationMessage));

	await page.fill('input[name=day]', '1/7/2025');
	await page.fill('#name', 'dak choong');
	await page.press('#name', 'Enter');
	await settle(page);
	check('a unit is found by its old name without marks', 'Xã Đắk Choong',
		await names(page, '.found a'));
	await page.click('.found a');
	await settle(page);
	check('its page tells what came of it', 'Hiện nay thuộc: xã Xốp, tỉnh Quảng Ngãi',
		(await page.innerText('section >> nth=0')).split('\n').at(-1));
	check('nothing bars the way to a unit', '', await barriers(page));
	check('the browser has nothing to complain of in units', '', complaints.join('; '));
	await context.close();

	const narrow = await open(NARROW);
	await logIn(narrow.page, 'thanhtra');
	await settle(narrow.page);
	await takePicture(narrow.page, 'units-narrow');
	await narrow.context.close();
}
