// SPDX-License-Identifier: Apache-2.0
import { barriers, check, fillLogIn, NARROW, open, settle, takePicture, visit, wanting } from './desk.js';

/** The languages whose words this document has fetched. */
function spoken(page) {
	return page.evaluate(() => performance.getEntriesByType('resource')
		.map(({ name }) => /\/(vi|en)-[^/]*\.js$/.exec(name)?.[1])
		.filter(Boolean).join(' '));
}

/** A line that broke before the words came. */
async function withoutWords() {
	const { page, context } = await open();

	await page.route('**/assets/vi-*.js', (route) => route.abort());
	await page.goto('/dang-nhap');
	await page.waitForSelector('#unspoken:not([hidden])');
	check('a page whose words do not come says so', true, (await page.innerText('body')).includes('tải lại'));
	await context.close();
}

export default async function () {
	const { page, context, complaints } = await open();

	await visit(page, '/ho-so/hs-da-niem-phong');
	check('who is not logged in is asked to', '/dang-nhap', new URL(page.url()).pathname);
	check('nothing bars the way to the log-in', '', await barriers(page));
	await takePicture(page, 'log-in-wide');

	await page.click('main button[type=submit]');
	check('what is left empty is told in the language of the page, not of the browser',
		'login: Hãy điền vào ô này. password: Hãy điền vào ô này.', await wanting(page));
	await page.fill('[name=login]', 'thanhtra');
	await page.press('[name=login]', 'Enter');
	check('  until it is filled in', 'password: Hãy điền vào ô này.', await wanting(page));
	await page.fill('[name=password]', 'wrong');
	check('  and no longer', '', await wanting(page));
	await page.press('[name=password]', 'Enter');
	await page.waitForSelector('.problem');
	check('a wrong password is told with what to do next',
		'Chưa đăng nhập hoặc phiên đã hết hạn Tên đăng nhập hoặc mật khẩu không đúng Kiểm tra tên và mật khẩu rồi đăng nhập lại.',
		(await page.innerText('.problem')));
	check('nothing bars the way to that refusal', '', await barriers(page));

	await fillLogIn(page, 'thanhtra');
	await page.waitForURL('**/ho-so/hs-da-niem-phong');
	check('a log-in leads where the reader wanted to go', 'Hồ sơ đã niêm phong',
		await page.innerText('h1'));

	const [cookie] = await context.cookies();
	check('its cookie is out of reach of scripts and of other sites', 'true Strict',
		`${cookie.httpOnly} ${cookie.sameSite}`);

	check('words are fetched in the reader\'s language alone', 'vi', await spoken(page));
	await page.click('text=English');
	await page.waitForSelector('text=Tiếng Việt');
	check('English is spoken at a switch', 'Log out', await page.innerText('.quiet >> nth=0'));
	check('  which fetches its words', 'vi en', await spoken(page));
	check('  in which the role has its name, too', 'Auditor', await page.innerText('.account-roles'));
	check('the document says so', 'en', await page.getAttribute('html', 'lang'));
	await page.reload();
	await settle(page);
	check('it is remembered', 'Units', await page.innerText('nav a >> nth=0'));
	check('  and nothing else is fetched', 'en', await spoken(page));
	await page.route('**/assets/vi-*.js', (route) => route.abort(), { times: 1 });
	await page.click('text=Tiếng Việt');
	await page.waitForSelector('.problem');
	check('a switch whose words do not come is told, in what was spoken', 'en The server cannot be reached',
		`${await page.getAttribute('html', 'lang')} ${await page.innerText('.problem-title')}`);
	await page.click('text=Tiếng Việt');
	await page.waitForSelector('text=English');
	check('  and pressed again, it is done', 0, await page.locator('.problem').count());

	await context.clearCookies();
	await page.click('nav a >> nth=0');
	await page.waitForURL('**/dang-nhap?aim=%2Fdon-vi');
	check('a log-in that ended elsewhere leads to a new one', 'Đăng nhập',
		await page.innerText('h1'));

	await page.goto('/dang-nhap?aim=//example.org/');
	await fillLogIn(page, 'thanhtra');
	await page.waitForURL('**/don-vi');
	check('no address leads out of the page', '/don-vi', new URL(page.url()).pathname);
	await page.click('text=Đăng xuất');
	await page.waitForURL('**/dang-nhap');
	await page.goBack();
	await page.waitForURL('**/dang-nhap*');
	check('after a log-out nothing is shown any more', 'Đăng nhập', await page.innerText('h1'));
	check('the browser has nothing to complain of', '', complaints.join('; '));
	await context.close();
	await withoutWords();

	const narrow = await open(NARROW);
	await visit(narrow.page, '/dang-nhap');
	await takePicture(narrow.page, 'log-in-narrow');
	await narrow.context.close();
}
