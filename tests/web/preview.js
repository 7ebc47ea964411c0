// SPDX-License-Identifier: Apache-2.0
//
// The files of a dossier, shown beside their rows.
import { barriers, check, inFocus, logIn, NARROW, open, settle, tabTo, takePicture, visit } from './desk.js';

/** Opens the file's preview; its section. */
async function show(page, name) {
	const row = page.locator('.file', { has: page.locator('a', { hasText: name }) }).first();

	await row.getByRole('button', { name: 'Xem' }).click();
	const section = row.locator('.preview');

	await section.waitFor();
	await settle(page);
	return section;
}

async function shut(page, section) {
	await section.getByRole('button', { name: 'Đóng' }).click();
	await section.waitFor({ state: 'detached' });
}

/** Dots of the canvas that are not white: something was drawn. */
function dark(page) {
	return page.waitForFunction(() => {
		const canvas = document.querySelector('.preview canvas');
		const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
		let count = 0;

		for (let i = 0; i < dots.length; i += 4) {
			count += dots[i] < 128 && dots[i + 3] > 0 ? 1 : 0;
		}
		return count > 100;
	}).then(() => true);
}

async function pdf(page) {
	const section = await show(page, 'ba-trang.pdf');

	await section.locator('canvas').waitFor();
	check('a PDF is drawn', true, await dark(page));
	check('  with its number of pages', 'Trang 1 / 3', await section.locator('[role=toolbar] [role=status]').innerText());
	check('  the heading has the focus', 'ba-trang.pdf', await inFocus(page, 'textContent', 'ba-trang.pdf'));
	await takePicture(page, 'preview-pdf-wide');
	check('the next page is reached by keyboard', true, await tabTo(page, '.preview-tools button:not([disabled])'));
	await page.keyboard.press('Enter');
	await section.locator('[role=status]', { hasText: 'Trang 2 / 3' }).waitFor();
	await section.locator('summary').click();
	await section.locator('pre', { hasText: 'Trang hai' }).waitFor();
	check('  and its words can be read', 'Trang hai', await section.locator('pre').innerText());
	const before = await section.locator('canvas').evaluate((canvas) => canvas.clientWidth);

	await section.getByRole('button', { name: 'Phóng to' }).click();
	await page.waitForFunction((width) => document.querySelector('.preview canvas').clientWidth > width, before);
	check('it is made larger', true, true);
	check('nothing bars the way to a file', '', await barriers(page));
	await section.getByRole('button', { name: 'Trang sau' }).focus();
	await page.keyboard.press('Escape');
	await section.waitFor({ state: 'detached' });
	check('Escape shuts it, and leaves the reader at its button', 'Xem', await inFocus(page, 'textContent', 'Xem'));
}

async function others(page) {
	let section = await show(page, 'anh.png');

	await section.locator('img').waitFor();
	check('an image is shown', 2, await page.waitForFunction(() => document.querySelector('.preview img')?.naturalWidth)
		.then((width) => width.jsonValue()));
	await shut(page, section);
	section = await show(page, 'ghi-chu.txt');
	check('a text is text', 'Dòng một\n<script>window.hacked=1</script>'.replace(/\s+/g, ' '),
		(await section.locator('pre').innerText()).trim());
	await shut(page, section);
	section = await show(page, 'so-lieu.xml');
	check('and so is XML', '<a b="c">chữ</a>', (await section.locator('pre').innerText()).trim());
	await shut(page, section);
	for (const name of ['hinh.svg', 'trang.html', 'gia-mao.png']) {
		section = await show(page, name);
		check(`${name} is not shown`, true, (await section.innerText()).includes('không xem được ở đây'));
		check('  and can be downloaded', 1, await section.locator('a[download]').count());
		await shut(page, section);
	}
	section = await show(page, 'hong.pdf');
	await section.locator('.note-bad').waitFor();
	check('a damaged PDF is said to be so', true, (await section.innerText()).includes('bị hỏng'));
	await shut(page, section);
}

/** As scanners write it; what decodes it comes by an address with a tail that no server sees. */
async function jpeg2000(page) {
	let section = await show(page, 'anh-jpeg2000.pdf');

	check('a picture of JPEG 2000 is drawn', true, await dark(page));
	check('  with no word of trouble', 0, await section.locator('.note-bad').count());
	await takePicture(page, 'preview-jpeg2000');
	await shut(page, section);
	section = await show(page, 'anh-hong.pdf');
	await section.locator('.note-bad').waitFor();
	check('one that cannot be decoded is told, with what to do',
		'Có hình trong trang này không giải mã được ở đây; hãy tải tệp về để xem.',
		await section.locator('.note-bad').innerText());
	await shut(page, section);
}

export default async function () {
	const { page, context, complaints } = await open();

	await logIn(page, 'luutru');
	await visit(page, '/ho-so/hs-xem');
	await pdf(page);
	await others(page);
	await jpeg2000(page);
	check('nothing in a file was run', undefined, await page.evaluate(() => window.hacked));
	check('the browser has nothing to complain of', '', complaints.join('; '));
	await context.close();

	const narrow = await open(NARROW);

	await logIn(narrow.page, 'luutru');
	await visit(narrow.page, '/ho-so/hs-xem');
	await show(narrow.page, 'ba-trang.pdf');
	await narrow.page.locator('.preview canvas').waitFor();
	await dark(narrow.page);
	check('nothing runs over the edge of a telephone', 0, await narrow.page.evaluate(() =>
		document.documentElement.scrollWidth - document.documentElement.clientWidth));
	await takePicture(narrow.page, 'preview-pdf-narrow');
	await narrow.context.close();
}
