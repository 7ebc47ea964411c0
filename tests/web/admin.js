// SPDX-License-Identifier: Apache-2.0
//
// Looking after the server, as its roles see it.
import { barriers, check, fillLogIn, follow, inFocus, logIn, NARROW, open, questionFaults, settle, tabTo, takePicture, visit } from './desk.js';

const pages = [
	'/quan-tri', '/quan-tri/van-hanh', '/quan-tri/nguoi-dung', '/quan-tri/them-nguoi-dung',
	'/quan-tri/vai-tro', '/quan-tri/phap-ly', '/quan-tri/phan-mo-rong', '/tai-khoan',
];
const DENIED = 'Không có quyền thực hiện việc này';

function nameOf(path) {
	return path.split('/').at(-1);
}

/** Nothing of a page lies outside the window. */
async function overflow(page) {
	return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** The role number i of the form that is shown. */
function role(page, i) {
	return page.locator('.role').nth(i);
}

async function pickUnit(place, name) {
	await place.locator('input[role=combobox]').fill(name);
	await place.locator('[role=option]').first().click();
}

async function looks() {
	for (const [size, kind] of [[undefined, 'wide'], [NARROW, 'narrow']]) {
		const { page, context, complaints } = await open(size);

		await logIn(page, 'quantri');
		for (const path of pages) {
			await follow(page, path);
			check(`${path} has what it should (${kind})`, '0', await page.locator('.problem').count());
			check(`  nothing bars the way`, '', await barriers(page));
			check('  and nothing hangs over its edge', 'true', (await overflow(page)) <= 0);
			await takePicture(page, `admin-${nameOf(path)}-${kind}`);
		}
		check(`the browser has nothing to complain of (${kind})`, '', complaints.join('; '));
		await context.close();
	}
}

async function navigation() {
	const wanted = {
		quantri: 'Vận hành, Người dùng, Vai trò và quyền, Quy định đang áp dụng, Phần mở rộng',
		thanhtra: 'Vận hành, Vai trò và quyền, Quy định đang áp dụng, Phần mở rộng',
	};

	for (const [login, links] of Object.entries(wanted)) {
		const { page, context } = await open();

		await logIn(page, login);
		await page.click('nav >> text=Quản trị');
		await settle(page);
		check(`${login} is led to what is theirs`, links, (await page.locator('main dt').allInnerTexts()).join(', '));
		await context.close();
	}
	const { page, context } = await open();
	await logIn(page, 'canbo');
	check('a clerk is led nowhere of it', '0', await page.locator('nav >> text=Quản trị').count());
	for (const path of ['/quan-tri/van-hanh', '/quan-tri/them-nguoi-dung', '/quan-tri/nguoi-dung']) {
		await follow(page, path);
	}
	check('the list of users shows a clerk himself alone', 'canbo',
		(await page.locator('tbody tr td:first-child').allInnerTexts()).join(' '));
	await follow(page, '/quan-tri/van-hanh');
	check('who types the address of the operation is refused in words', 'true',
		(await page.locator('.problem-title').allInnerTexts()).includes(DENIED));
	await follow(page, '/quan-tri/them-nguoi-dung');
	await page.fill('[name=login]', 'lau');
	await page.fill('[name=name]', 'Lậu');
	await role(page, 0).locator('select').selectOption('auditor');
	await page.click('main button[type=submit]');
	await page.waitForSelector('.problem');
	check('a clerk makes no users', DENIED, await page.innerText('.problem-title'));
	await context.close();
}

/** A user made on the page logs in and has the roles. */
async function makeUser() {
	const { page, context, complaints } = await open();

	await logIn(page, 'quantri');
	await visit(page, '/quan-tri/them-nguoi-dung');
	await page.fill('[name=login]', 'Chị Lan');
	await page.fill('[name=name]', 'Nguyễn Thị Lan');
	await role(page, 0).locator('select').selectOption('unit_clerk');
	await pickUnit(role(page, 0), 'Xã Xốp');
	await page.click('main button[type=submit]');
	await page.waitForSelector('.wrong');
	check('a log-in name that is none is told at its field', 'login', await inFocus(page, 'name', 'login'));
	await page.fill('[name=login]', 'canbo');
	await page.click('main button[type=submit]');
	await page.waitForSelector('[name=login][aria-invalid=true]');
	check('one that is taken, too', 'true', (await page.innerText('.wrong')).includes('canbo'));
	await page.fill('[name=login]', 'lan.nt');
	const first = await page.inputValue('[name=password]');
	check('a password was drawn', 'true', /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/.test(first));
	await page.click('main button[type=submit]');
	await page.waitForSelector('.secret');
	check('it is told once', first, await page.innerText('.secret'));
	await takePicture(page, 'admin-user-made');
	await page.click('text=Đã ghi lại, ẩn đi');
	check('  and gone when it was taken down', '0', await page.locator('.secret').count());
	await page.click('text=Mở tài khoản này');
	await settle(page);
	check('the account opens', 'Nguyễn Thị Lan', await page.innerText('h1'));
	check('nothing bars the way to it', '', await barriers(page));
	await takePicture(page, 'admin-user-wide');
	const path = new URL(page.url()).pathname;

	const lan = await open();
	await visit(lan.page, '/dang-nhap');
	await lan.page.fill('[name=login]', 'lan.nt');
	await lan.page.fill('[name=password]', first);
	await lan.page.click('main button[type=submit]');
	await lan.page.waitForURL('**/viec-hom-nay');
	await settle(lan.page);
	check('who was made logs in and has the role', 'Cán bộ đơn vị',
		await lan.page.innerText('.account-roles'));

	// Another role takes effect without a new log-in.
	await page.click('text=Thêm vai trò');
	await role(page, 1).locator('select').selectOption('auditor');
	await page.click('text=Lưu thay đổi');
	await page.waitForSelector('main >> text=Đã lưu.');
	await lan.page.reload();
	await settle(lan.page);
	check('a role that was added is hers at once', 'Cán bộ đơn vị, Thanh tra',
		await lan.page.innerText('.account-roles'));
	check('  with the pages that it opens', '1', await lan.page.locator('nav >> text=Quản trị').count());
	await page.click('text=Bỏ vai trò thứ 2');
	await page.click('text=Lưu thay đổi');
	await settle(page);
	await follow(lan.page, '/quan-tri/van-hanh');
	check('one that was taken away is gone at once', 'true',
		(await lan.page.locator('.problem-title').allInnerTexts()).includes(DENIED));

	// Two administrators at once.
	const other = await open();
	await logIn(other.page, 'quantri-hai');
	await visit(other.page, path);
	await visit(page, path);
	await page.fill('[name=name]', 'Nguyễn Thị Lan (một)');
	await page.click('text=Lưu thay đổi');
	await page.waitForSelector('main >> text=Đã lưu.');
	await other.page.fill('[name=name]', 'Nguyễn Thị Lan (hai)');
	await other.page.click('text=Lưu thay đổi');
	await other.page.waitForSelector('.note-bad');
	check('who comes second is told and writes nothing over', 'true',
		(await other.page.innerText('.note-bad')).includes('Người khác vừa sửa'));
	await takePicture(other.page, 'admin-user-overtaken');
	await other.page.click('button:text-is("Đọc lại")');
	await settle(other.page);
	check('  and reads what the first one wrote', 'Nguyễn Thị Lan (một)',
		await other.page.inputValue('[name=name]'));
	await other.context.close();

	// A new password, then the account is closed.
	await page.click('text=Cấp mật khẩu mới >> nth=-1');
	check('nothing is wrong with the question of a new password', '', await questionFaults(page, 'password'));
	const given = await page.inputValue('dialog [name=password]');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.secret');
	check('a new password is told once', given, await page.innerText('.secret'));
	await follow(lan.page, '/don-vi');
	await lan.page.waitForURL('**/dang-nhap*');
	check('  and ends what was logged in with the old one', 'Đăng nhập', await lan.page.innerText('h1'));
	await lan.page.fill('[name=login]', 'lan.nt');
	await lan.page.fill('[name=password]', given);
	await lan.page.click('main button[type=submit]');
	await lan.page.waitForURL('**/don-vi*');
	check('  and lets in', 'Nguyễn Thị Lan (một)', await lan.page.innerText('.account-name'));
	await page.click('text=Khóa tài khoản');
	check('nothing is wrong with the question of a closed account', '', await questionFaults(page, 'close-account'));
	await page.keyboard.press('Escape');
	await page.waitForSelector('dialog', { state: 'detached' });
	check('Escape closes the question, and nothing was done', 'Đang dùng',
		await page.innerText('main .badge'));
	await page.click('text=Khóa tài khoản');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.badge-bad');
	check('a disabled account says so', 'Đã khóa', await page.innerText('main .badge'));
	await follow(lan.page, '/tai-khoan');
	await lan.page.waitForURL('**/dang-nhap*');
	check('  and is logged out at once', 'Đăng nhập', await lan.page.innerText('h1'));
	check('the browser has nothing to complain of', '', [...complaints, ...lan.complaints].join('; '));
	await lan.context.close();
	await context.close();
}

async function userList() {
	const { page, context } = await open();
	const seen = new Set();

	await logIn(page, 'quantri');
	await visit(page, '/quan-tri/nguoi-dung');
	for (;;) {
		for (const login of await page.locator('tbody tr td:first-child').allInnerTexts()) {
			seen.add(login);
		}
		if ((await page.locator('text=Xem tiếp').count()) === 0) {
			break;
		}
		await page.click('text=Xem tiếp');
		await settle(page);
	}
	check('the users come in pages, in order, each once', 'true',
		seen.size >= 60 && [...seen].join() === [...seen].sort().join());
	await page.fill('#find', 'NGUOI-0');
	await page.keyboard.press('Enter');
	await settle(page);
	check('they are found by how the log-in name begins', '9', await page.locator('tbody tr').count());
	check('what was looked for stands in the address', 'NGUOI-0',
		new URL(page.url()).searchParams.get('find'));
	await page.fill('#find', 'thi sau');
	await page.keyboard.press('Enter');
	await settle(page);
	check('  and by words of the name without marks', 'tim-ten',
		(await page.locator('tbody tr td:first-child').allInnerTexts()).join(' '));
	await page.fill('#find', 'Người');
	await page.keyboard.press('Enter');
	await settle(page);
	check('  in pages as well', '20 true', `${await page.locator('tbody tr').count()} ${await page.isVisible('text=Xem tiếp')}`);
	await page.click('text=Xem tiếp');
	await settle(page);
	check('  that go on', '20', await page.locator('tbody tr').count());
	await takePicture(page, 'admin-users-found');
	await page.fill('#find', 'khong-ai');
	await page.keyboard.press('Enter');
	await settle(page);
	check('where there is none it is said', 'Không có người dùng nào như vậy.',
		await page.innerText('main [role=status]'));
	await context.close();
}

async function self() {
	const { page, context } = await open();

	await logIn(page, 'quantri');
	await visit(page, '/quan-tri/nguoi-dung?find=quantri');
	await page.click('main a:text-is("quantri")');
	await settle(page);
	check('nobody is offered to change his own roles or close his own account', '0 0',
		`${await page.locator('.role').count()} ${await page.locator('text=Khóa tài khoản').count()}`);
	await context.close();
}

async function account() {
	const { page, context, complaints } = await open();
	const elsewhere = await open();
	const renewed = 'một mật khẩu khác hẳn';

	await logIn(page, 'thanhtra');
	await logIn(elsewhere.page, 'thanhtra');
	await page.click('.account-name');
	await settle(page);
	await page.fill('[name=current]', 'không phải');
	await page.fill('[name=password]', renewed);
	await page.fill('[name=again]', 'khác');
	check('two passwords that differ are told', '1', await page.locator('.wrong').count());
	await page.fill('[name=again]', renewed);
	await page.click('form[aria-label="Đổi mật khẩu"] button[type=submit]');
	await page.waitForSelector('[name=current][aria-invalid=true]');
	check('a wrong password so far is told at its field', 'current', await inFocus(page, 'name', 'current'));
	await page.fill('[name=current]', process.env.HOSO_PASSWORD);
	await page.click('form[aria-label="Đổi mật khẩu"] button[type=submit]');
	await page.waitForSelector('text=Đã đổi mật khẩu');
	check('a password is changed and nothing of it stays', '',
		await page.inputValue('[name=password]'));
	await follow(elsewhere.page, '/don-vi/xa-xop-2025');
	await elsewhere.page.waitForURL('**/dang-nhap*');
	check('  the other browser is logged out', 'Đăng nhập', await elsewhere.page.innerText('h1'));

	// Changes go on in this browser: the log-in is a new one.
	await page.fill('form[aria-label="Mã truy cập mới"] [name=name]', '<b>Máy in</b>');
	await page.check('text=Xem nhật ký');
	await page.click('text=Tạo mã truy cập');
	await page.waitForSelector('.secret');
	const secret = await page.innerText('.secret');
	await takePicture(page, 'admin-token-made');
	const ask = () => page.request.get('/api/v1/audit/witnesses', {
		headers: { Authorization: `Bearer ${secret}`, Cookie: '' },
	});
	check('a token is told once and opens what was chosen', '200', (await ask()).status());
	await page.reload();
	await settle(page);
	check('  it is told no more', '0', await page.locator('.secret').count());
	check('  its name is text', '<b>Máy in</b>', await page.innerText('tbody td >> nth=0'));
	await page.click('tbody button');
	check('nothing is wrong with the question of a token', '', await questionFaults(page, 'token'));
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('tbody .badge-bad');
	check('revoked, it opens nothing', '401', (await ask()).status());
	check('nothing bars the way', '', await barriers(page));

	await page.click('section >> text=Đăng xuất ở mọi nơi >> nth=-1');
	check('nothing is wrong with the question of a log-out everywhere', '', await questionFaults(page, 'everywhere'));
	await page.click('dialog button[type=submit]');
	await page.waitForURL('**/dang-nhap*');
	check('who logs out everywhere is out here, too', 'Đăng nhập', await page.innerText('h1'));
	check('the browser has nothing to complain of', '', complaints.join('; '));
	await elsewhere.context.close();
	await context.close();
}

/** A run of evidence, for which the server has an authority. */
async function evidence(page) {
	const place = page.locator('section[aria-label="Bằng chứng lâu dài"]');

	check('before the first run of evidence it is told so', 'true',
		(await place.innerText()).includes('Chưa có lần chạy nào đạt.'));
	await page.click('button:text-is("Chạy ngay")');
	await page.waitForSelector('text=Lần chạy đạt gần nhất');
	check('a run is told with what came of it', 'true',
		(await place.innerText()).includes('Không có gói nào cần lập hay gia hạn bằng chứng.'));
	check('  and can be had again', 'true', await page.isEnabled('button:text-is("Chạy ngay")'));
	check('nothing bars the way to it', '', await barriers(page));
}

async function operation() {
	const { page, context } = await open();

	await logIn(page, 'quantri');
	await visit(page, '/quan-tri/van-hanh');
	const text = await page.innerText('main');
	for (const said of ['hoso 0.', 'còn trống', 'Bản sao lưu tốt gần nhất', 'diễn tập khôi phục đạt gần nhất',
		'Không đạt', 'Kiểm tra chữ ký trong tệp', 'document/vb-cho', 'nowhere:/nowhere', 'Chưa chọn nhân chứng']) {
		check(`the operation says: ${said}`, 'true', text.includes(said));
	}
	await page.selectOption('[name=kind]', 'stamp');
	await settle(page);
	check('what is told of failures is in Vietnamese', 'vi', (await page.locator('.hint[lang]').evaluateAll((hints) =>
		[...new Set(hints.map((hint) => hint.lang))])).join(' '));
	await page.click('nav button:text-is("English"), button:text-is("English")');
	await settle(page);
	check('  and in English for who reads English', 'en', (await page.locator('.hint[lang]').evaluateAll((hints) =>
		[...new Set(hints.map((hint) => hint.lang))])).join(' '));
	await page.click('button:text-is("Tiếng Việt")');
	await settle(page);
	await evidence(page);
	check('work of a kind that does not wait is none', 'Không có việc nào đang chờ.',
		await page.innerText('section[aria-label="Việc đang chờ"] [role=status]'));
	await context.close();
}

/** What a server that is well does not show: its answers are made up here. */
const troubles = {
	'/system': { version: '0.1.0', started: 1, log_entries: 7, disk: { free: 5, size: 100 },
		store: { broken: true, map_bytes: 1, map_used_bytes: 1 }, workers: { busy: 6, count: 6, waiting: 9 } },
	'/backups': { backups: [], drills: [{ at: 5000000, good: false, findings: 3, made_at: 4000000 }], log_entries: 7, unreadable: 2 },
	'/fixity': { bytes: 1, damaged: 1, canary_found: 0, canary_missed: true, last_ended: 0, oldest_unchecked: 5, pass_began: 5,
		findings: [{ code: 'chunk.changed', where: 'chunk 17', found_at: 5000000,
			harmed: ['dossier/hs-1', 'document/vb-1'], harmed_more: 0 }] },
	'/evidence/plan': { containers: 12, waiting: 1, lost: 2, digests: [{ digest: 'SHA-256', containers: 12 }],
		keys: [{ key: 'EC P-256', containers: 12 }],
		signers: [{ sha256: 'ab', subject: 'CN=Con dấu', containers: 12, until: 5500000 }],
		run: { under_way: false, ran: 4000000, taken: 3, rehashed: 0, restamped: 2, failed: 5000000,
			reason: 'no authority answers', vietnamese: 'không tổ chức nào trả lời' },
		authorities: [{ authority: 'CN=TSA', key: 'EC P-256', containers: 12, renew_at: 5000000, until: 6000000 }] },
	'/evidence/risk': { containers: 12, falls: 12, lost: 0, dossiers: ['hs-1', 'hs-2'] },
	'/audit/witnesses': { needed: 1, size: 5, witnesses: [{ name: 'nhan-chung', size: 5, problem: 'no answer' }] },
};

async function troubled() {
	const { page, context } = await open();
	const place = '**/api/v1';

	await logIn(page, 'quantri');
	for (const [path, answer] of Object.entries(troubles)) {
		await page.route(`${place}${path}`, (route) => route.fulfill({ json: answer }));
	}
	await page.route(`${place}/evidence/risk?*`, (route) => route.fulfill({ json: troubles['/evidence/risk'] }));
	await visit(page, '/quan-tri/van-hanh');
	const text = await page.innerText('main');
	for (const said of ['Sắp đầy', 'Kho không ghi được nữa', '6 trong 6 luồng đang bận, 9 việc chờ',
		'Chưa biết bản sao lưu tốt nào', 'Chưa có lần diễn tập khôi phục nào đạt', 'Lần sao lưu hoặc diễn tập gần nhất không đạt',
		'2 ghi chú về sao lưu không đọc được', '3 chỗ sai', 'Tìm thấy 1 chỗ hỏng', 'bỏ sót lỗi cài thử',
		'Một phần của tệp đã khác so với lúc lưu: chunk 17', 'Ảnh hưởng đến: dossier/hs-1, document/vb-1',
		'12 gói hồ sơ có bằng chứng', '2 gói đã mất bằng chứng', 'CN=TSA', 'chưa ai công bố', 'CN=Con dấu',
		'không đạt: không tổ chức nào trả lời', 'Đã lập bằng chứng cho thêm 3 gói hồ sơ.', 'Đã gia hạn 2 dấu thời gian.', 'nhan-chung: đã ký 5 mục, chưa lần nào']) {
		check(`trouble is told: ${said}`, 'true', text.includes(said));
	}
	check('what is harmed is a link', '/ho-so/hs-1', await page.getAttribute('text=dossier/hs-1', 'href'));
	await page.click('tr:has-text("CN=TSA") button');
	await settle(page);
	check('a row leads to what falls with it', 'CN=TSA', new URL(page.url()).searchParams.get('authority'));
	await page.fill('#authority', '');
	await page.fill('#algorithm', 'SHA-256');
	await page.keyboard.press('Enter');
	await settle(page);
	check('what falls with an algorithm is told', 'true',
		(await page.innerText('section[aria-label="Bằng chứng lâu dài"]')).includes('12 trong 12 gói sẽ không còn chứng minh được gì.'));
	check('  and the question stands in the address', 'SHA-256', new URL(page.url()).searchParams.get('algorithm'));
	check('nothing bars the way to trouble', '', await barriers(page));
	await takePicture(page, 'admin-troubles');
	await context.close();
}

async function lawAndRights() {
	const { page, context } = await open();

	await logIn(page, 'quantri');
	await visit(page, '/quan-tri/vai-tro');
	await page.selectOption('[name=role]', 'unit_clerk');
	await settle(page);
	const rights = await page.innerText('main table');
	check('a role shows what it may, and where', 'true true',
		`${rights.includes('Lập hồ sơ')} ${rights.includes('trong đơn vị của vai trò')}`);
	check('  and nothing else', 'false', rights.includes('Lập và sửa tài khoản'));
	await takePicture(page, 'admin-rights-of-a-role');
	await visit(page, '/quan-tri/phap-ly');
	await page.click('text=Danh hiệu và hình thức khen thưởng');
	await settle(page);
	check('a table shows its rows with their days', 'true',
		(await page.innerText('main table')).includes('Cờ thi đua của Chính phủ'));
	await takePicture(page, 'admin-awards');
	await page.goBack();
	await settle(page);
	check('the way back leads back', 'Các tệp quy định', await page.innerText('main h2'));
	await context.close();
}

async function pluginFolders() {
	const { page, context } = await open();

	await logIn(page, 'quantri');
	await visit(page, '/quan-tri/phan-mo-rong');
	const text = await page.innerText('main');
	check('a plugin is told with what it offers', 'true', /csv[^]*Định dạng: csv/.test(text));
	check('a file that is none is refused with the reason', 'true', /broken\.so: \S/.test(text));
	check('the reload is reached by keyboard', 'true',
		await tabTo(page, 'main > button, main p + button, main button'));
	await page.keyboard.press('Enter');
	check('nothing is wrong with the question of a reload', '', await questionFaults(page, 'plugins'));
	await tabTo(page, 'dialog button[type=submit]');
	await page.keyboard.press('Enter');
	await page.waitForSelector('text=Đã đọc lại.');
	check('it is read anew', 'true', true);
	await context.close();
}

async function byKeyboard() {
	const { page, context } = await open();

	await visit(page, '/dang-nhap');
	await fillLogIn(page, 'quantri');
	await page.waitForURL('**/don-vi');
	await visit(page, '/quan-tri/them-nguoi-dung');
	check('the form is reached by Tab', 'true', await tabTo(page, '[name=login]'));
	await page.keyboard.type('ban.phim');
	await page.keyboard.press('Tab');
	await page.keyboard.type('Bàn Phím');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('ArrowDown');
	await tabTo(page, '.role [role=combobox]');
	await page.keyboard.type('Xã Xốp');
	await page.waitForSelector('[role=option]');
	await page.keyboard.press('Enter');
	await page.keyboard.press('Enter');
	await page.waitForSelector('.secret, .problem');
	check('a user is made without a mouse', '1', await page.locator('.secret').count());
	await context.close();
}

export default async function admin() {
	await looks();
	await navigation();
	await makeUser();
	await userList();
	await self();
	await operation();
	await troubled();
	await lawAndRights();
	await pluginFolders();
	await byKeyboard();
	await account();
}
