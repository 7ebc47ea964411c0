// SPDX-License-Identifier: Apache-2.0
//
// The day's work, each part of it by whoever does it.
import { barriers, check, fillLogIn, follow, inFocus, NARROW, open, questionFaults, settle, sit, tabTo, takePicture, visit } from './desk.js';

const DOSSIER = '/ho-so/hs-chinh';
const complained = [];

/** A reader at the page that he is led to. */
async function enter(login, size) {
	const desk = await open(size);

	await visit(desk.page, '/');
	await fillLogIn(desk.page, login);
	await desk.page.waitForURL((url) => url.pathname !== '/dang-nhap');
	await settle(desk.page);
	return desk;
}

async function leave({ context, complaints }) {
	complained.push(...complaints);
	await context.close();
}

function pathOf(page) {
	return new URL(page.url()).pathname;
}

/** The headings of what waits: "Hồ sơ đã trình 1 hồ sơ". */
async function headings(page) {
	return (await page.locator('.work-group h3').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()).join('; ');
}

/** What the reader is offered on the dossier's page. */
async function offers(page) {
	return (await page.locator('.next .presses > *').allInnerTexts()).join('; ');
}

async function statusOf(page) {
	return (await page.locator('.facts .badge').innerText()).trim();
}

/** Adds a paper to the dossier, as another page of this reader would. */
async function addPaper(page, name) {
	const { csrf } = await (await page.request.get('/api/v1/session')).json();
	const added = await page.request.post('/api/v1/dossiers/hs-chinh/components', {
		headers: { 'X-CSRF-Token': csrf },
		multipart: {
			record: JSON.stringify({ code: 'C_KHAC', attachment: { part: 'file', name } }),
			file: { name, mimeType: 'text/plain', buffer: Buffer.from('Ý kiến bổ sung') },
		},
	});

	return added.status();
}

/**
 * A decision that several have open: two windows of one are one draft; what
 * somebody else does to the dossier, or that he decides it first, loses nothing
 * of it.  It is decided when this is done.
 */
async function decideTogether(chair) {
	const one = chair.page;
	const two = await sit(chair.context);
	const other = await enter('vanthutinh');
	const sum = (page, count) => page.waitForSelector(`text=Ban hành quyết định (${count} khen thưởng)`);
	const isTicked = (page) => page.locator('.tick input').nth(1).isChecked();

	await visit(two.page, `${DOSSIER}/quyet-dinh`);
	await sum(two.page, 1);
	check('what one window has of a decision stands in the other', 'Theo Tờ trình số 12 false',
		`${await two.page.inputValue('[name=basis]')} ${await isTicked(two.page)}`);
	await two.page.fill('[name=basis]', 'Theo Tờ trình số 13');
	await one.waitForFunction(() => document.querySelector('[name=basis]').value === 'Theo Tờ trình số 13');
	check('  and the other way round', 'Theo Tờ trình số 13', await one.inputValue('[name=basis]'));

	await visit(other.page, `${DOSSIER}/quyet-dinh`);
	await other.page.fill('[name=reference]', '345/QĐ-UBND');
	await other.page.keyboard.press('Enter');
	await other.page.click('button:has-text("345/QĐ-UBND")');
	await sum(other.page, 2);
	check('another one has a draft of his own', ' true', `${await other.page.inputValue('[name=basis]')} ${await isTicked(other.page)}`);
	await other.page.fill('[name=basis]', 'Văn thư ghi');
	check('he adds a paper to the dossier meanwhile', 200, await addPaper(other.page, 'Bổ sung.txt'));
	await one.reload();
	await one.waitForSelector('.tick');
	check('  which takes back no choice of the first', 'Theo Tờ trình số 13 false',
		`${await one.inputValue('[name=basis]')} ${await isTicked(one)}`);

	await one.locator('.tick input').nth(1).check();
	await one.fill('[name=basis]', '');
	await sum(two.page, 2);
	await settle(one);
	check('nothing bars the way through a decision', '', await barriers(one));
	await takePicture(one, 'decide');
	await one.click('form button[type=submit]');
	await one.waitForSelector('.note-good a[download]');
	await two.page.waitForFunction(() => document.querySelector('main').innerText.includes('Hãy xem bước tiếp theo trên trang hồ sơ.'));
	check('what one window has decided is not offered in the other', 0, await two.page.locator('.tick').count());
	await other.page.click('form button[type=submit]');
	await other.page.waitForSelector('form .problem');
	check('who comes second is told that it is done', 'true',
		/đã có quyết định\.?\s+Mở lại trang này/.test(await other.page.innerText('form .problem')));
	check('  and what he typed stays', 'Văn thư ghi', await other.page.inputValue('[name=basis]'));
	await takePicture(other.page, 'decide-second');
	await other.page.reload();
	await settle(other.page);
	check('  is told so when he looks again', 'true', (await other.page.innerText('main')).includes('Hãy xem bước tiếp theo trên trang hồ sơ.'));
	const { decisions } = await (await one.request.get('/api/v1/documents/' + (await documentOf(one)) + '/decisions')).json();
	check('  and there is one decision', 1, decisions.length);
	complained.push(...two.complaints);
	await leave(other);
}

/** The id of the document of that number. */
async function documentOf(page) {
	const { documents } = await (await page.request.get('/api/v1/documents?reference=345/Q%C4%90-UBND')).json();

	return documents[0].id;
}

/** Presses a step and goes on; what is said of it then. */
async function step(page, name, reason) {
	await page.click(`.next button:has-text("${name}")`);
	if (reason !== undefined) {
		await page.fill('dialog [name=reason]', reason);
	}
	await page.click('dialog button[type=submit]');
	// The note of the step before may still stand there.
	await page.locator('dialog').waitFor({ state: 'detached' });
	await page.waitForSelector('.note-good a[download]');
	await settle(page);
	return page.locator('.note-good p >> nth=0').innerText();
}

async function waiting() {
	const clerk = await enter('vanthu');

	check('who has work is led to it', '/viec-hom-nay', pathOf(clerk.page));
	check('it comes first in the navigation', 'Việc hôm nay', await clerk.page.innerText('nav a >> nth=0'));
	check('it says as whom one works, and where', 'Cán bộ đơn vị · Xã Xốp', await clerk.page.innerText('main h2'));
	check('and what waits', 'Đang lập hồ sơ (chờ chuyển) 25 hồ sơ', await headings(clerk.page));
	check('the first page of it', '20', await clerk.page.locator('.work-row').count());
	check('since when', 'true', (await clerk.page.innerText('.work-age >> nth=0')).startsWith('hôm nay'));
	check('a name that means harm is text', 'undefined', await clerk.page.evaluate(() => typeof window.hacked));
	await clerk.page.click('.work-group >> text=Xem tiếp');
	await settle(clerk.page);
	await clerk.page.waitForFunction(() => document.querySelectorAll('.work-row').length === 25);
	check('and the rest', '0', await clerk.page.locator('.work-group >> text=Xem tiếp').count());
	check('nothing bars the way through the work', '', await barriers(clerk.page));
	await takePicture(clerk.page, 'work-clerk');
	await clerk.page.click('text=English');
	await clerk.page.waitForSelector('text=Tiếng Việt');
	await settle(clerk.page);
	check('it is told in English, too', 'Today’s work', await clerk.page.innerText('h1'));
	await leave(clerk);

	const other = await enter('xakhac');
	check('for whom nothing waits is told so', 'true',
		(await other.page.innerText('main')).includes('Hiện không có hồ sơ nào chờ bạn xử lý.'));
	check('nothing bars the way through no work', '', await barriers(other.page));
	await takePicture(other.page, 'work-none');
	await leave(other);

	const auditor = await enter('thanhtra');
	check('who has no work is led to the units', '/don-vi', pathOf(auditor.page));
	check('and is not offered any', '0', await auditor.page.locator('nav >> text=Việc hôm nay').count());
	await visit(auditor.page, DOSSIER);
	check('nor on a dossier', '0', await auditor.page.locator('.next').count());
	await leave(auditor);

	const archivist = await enter('luutru');
	check('what the archivist files himself waits for him', 'Đang lập hồ sơ (chờ chuyển) 1 hồ sơ; Quyết định năm 2024 của xã Đăk Long',
		`${await headings(archivist.page)}; ${await archivist.page.innerText('.work-row a')}`);
	check('  as his own, with what he may do', 'Hồ sơ do bạn lập, của mọi đơn vị. Việc có thể làm: Soạn hồ sơ · Đã khen thưởng (đã ban hành quyết định)',
		await archivist.page.innerText('.work-group .hint >> nth=0'));
	await takePicture(archivist.page, 'work-own');
	check('nothing bars the way to it', '', await barriers(archivist.page));
	await leave(archivist);

	const narrow = await enter('vanthu', NARROW);
	await takePicture(narrow.page, 'work-narrow');
	check('the work is no wider than a telephone', '390',
		await narrow.page.evaluate(() => document.documentElement.scrollWidth));
	await leave(narrow);
}

async function missing() {
	const head = await enter('thutruong');
	const { page } = head;

	check('the head has drafts and reviews', 'Đang lập hồ sơ (chờ chuyển) 25 hồ sơ; Bình xét tại đơn vị 1 hồ sơ',
		await headings(page));
	await page.click('text=Hồ sơ còn thiếu giấy tờ');
	await settle(page);
	check('steps are offered by name', 'Chuyển sang: Đã trình (chờ tiếp nhận); Chuyển sang: Đang lập hồ sơ (chờ chuyển)',
		await offers(page));
	await page.click('.next button >> nth=0');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('dialog .problem');
	const said = await page.innerText('dialog');
	check('what refuses a step is said in words', 'true', /Tờ trình[\s\S]*Báo cáo thành tích/.test(said));
	check('with the rule that demands it', 'true', /Tờ trình đề nghị khen thưởng theo thủ tục hành chính/.test(said));
	check('nothing bars the way through a refusal', '', await barriers(page));
	await takePicture(page, 'step-refused');
	await page.keyboard.press('Escape');
	await page.waitForSelector('dialog', { state: 'detached' });
	check('Escape leaves it', 'Bình xét tại đơn vị', await statusOf(page));
	check('and the focus is where it was', 'Chuyển sang: Đã trình (chờ tiếp nhận)',
		await inFocus(page, 'innerText', 'Chuyển sang: Đã trình (chờ tiếp nhận)'));
	await leave(head);
}

async function appraise() {
	const specialist = await enter('chuyenvien');
	const { page } = specialist;

	check('the specialist has what was submitted', 'Đã trình (chờ tiếp nhận) 1 hồ sơ', await headings(page));
	check('the way to the dossier by keyboard', 'true', await tabTo(page, 'a[href="/ho-so/hs-chinh"]'));
	await page.keyboard.press('Enter');
	await page.waitForURL(`**${DOSSIER}`);
	await settle(page);
	check('and to the step', 'true', await tabTo(page, '.next button:nth-of-type(2)'));
	await page.keyboard.press('Enter');
	await page.waitForSelector('dialog[open]');
	check('and through its question', 'true', await tabTo(page, 'dialog button[type=submit]'));
	await page.keyboard.press('Enter');
	await page.waitForSelector('.note-good a[download]');
	await settle(page);
	check('it is received', 'Đã tiếp nhận (hồ sơ hợp lệ)', await statusOf(page));
	const [receipt] = await Promise.all([page.waitForEvent('download'), page.click('.note-good a[download]')]);
	check('with a receipt to keep', 'true', /^bien-nhan-\d+\.json$/.test(receipt.suggestedFilename()));
	check('the next step', 'Đã chuyển hồ sơ sang: Đang thẩm định.', await step(page, 'Đang thẩm định'));
	check('appraising, he may consult, publish, put it to the council, return',
		'Xin ý kiến, hiệp y khen thưởng; Lấy ý kiến Nhân dân; Hội đồng xét duyệt, bỏ phiếu kín; Trả lại, yêu cầu bổ sung',
		(await offers(page)).replaceAll('Chuyển sang: ', ''));
	await page.click('.next button:has-text("Trả lại")');
	await page.click('dialog button[type=submit]');
	check('no return without a reason', 'true',
		await page.locator('dialog [name=reason]').evaluate((field) => field.validity.valueMissing));
	await takePicture(page, 'step-reason');
	await page.click('dialog button:has-text("Thôi")');
	await step(page, 'Xin ý kiến');
	check('then it stands in its new status', 'Xin ý kiến, hiệp y khen thưởng', await statusOf(page));

	const consultee = await enter('hiepy');
	check('it waits for the consultee', 'Xin ý kiến, hiệp y khen thưởng 1 hồ sơ', await headings(consultee.page));
	await follow(consultee.page, DOSSIER);
	check('whose form is offered at the head of the dossier', 'Cho ý kiến', await offers(consultee.page));
	await consultee.page.fill('[name=text]', 'Nhất trí đề nghị khen thưởng. <script>window.hacked=1</script>');
	await consultee.page.selectOption('[name=agree]', 'yes');
	check('nothing bars the way through an opinion', '', await barriers(consultee.page));
	await consultee.page.click('text=Gửi ý kiến');
	await consultee.page.waitForSelector('.note-good a[download]');
	await settle(consultee.page);
	check('who gives an opinion', 'true',
		/Đồng ý[\s\S]*Nhất trí đề nghị khen thưởng\. <script>/.test(await consultee.page.innerText('main')));
	check('which says for which office', 'true', (await consultee.page.innerText('main')).includes('Tỉnh Quảng Ngãi'));
	await takePicture(consultee.page, 'opinion');
	await leave(consultee);

	// Somebody else was quicker: nothing is overwritten, and it is said.
	await page.click('.next button:has-text("Đang thẩm định")');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('dialog .problem');
	check('who read an older state is refused', 'Xin ý kiến, hiệp y khen thưởng', await statusOf(page));
	await visit(page, DOSSIER);
	await step(page, 'Đang thẩm định');
	await step(page, 'Hội đồng xét duyệt');
	await leave(specialist);
}

async function vote() {
	const council = await enter('hoidong');
	const { page } = council;

	check('it waits for the council', 'Hội đồng xét duyệt, bỏ phiếu kín 1 hồ sơ', await headings(page));
	await follow(page, DOSSIER);
	check('on the dossier\'s page the ballot is offered at its head', 'Ghi kết quả bỏ phiếu', await offers(page));
	await page.click('.next a');
	await page.waitForFunction(() => document.querySelector('[name=candidate]').getBoundingClientRect().bottom < window.innerHeight);
	check('  which leads down to its form', '#bo-phieu', new URL(page.url()).hash);
	await page.selectOption('[name=candidate]', '0');
	for (const [name, count] of Object.entries({ members: 13, present: 12, yes: 11, no: 2, written_yes: 1 })) {
		await page.fill(`[name=${name}]`, String(count));
	}
	await page.click('text=Ghi kết quả >> nth=-1');
	await page.waitForSelector('.problem');
	check('a count that cannot be is refused beside its field', 'true',
		(await page.getAttribute('[name=yes]', 'aria-invalid')) === 'true');
	check('and the reader is taken there', 'yes', await inFocus(page, 'name', 'yes'));
	await page.fill('[name=no]', '1');
	check('nothing bars the way through a ballot', '', await barriers(page));
	await page.click('form button:has-text("Ghi kết quả")');
	await page.waitForSelector('.note-good a[download]');
	await settle(page);
	await page.selectOption('[name=candidate]', '1');
	await page.fill('[name=yes]', '10');
	await page.fill('[name=no]', '2');
	await page.click('form button:has-text("Ghi kết quả")');
	await page.waitForFunction(() => document.querySelectorAll('table.rows tbody tr').length === 2);
	await settle(page);
	check('ballots are told with what they come to', 'Đạt 12 phiếu đồng ý, cần 11 (80% của 13 thành viên) | Không đạt 10 phiếu đồng ý, cần 11 (80% của 13 thành viên)',
		(await page.locator('table.rows tbody td:last-child').allInnerTexts())
			.map((text) => text.replace(/\s+/g, ' ').trim()).join(' | '));
	await takePicture(page, 'ballots');
	await leave(council);

	const specialist = await enter('chuyenvien');
	await visit(specialist.page, DOSSIER);
	await step(specialist.page, 'Chờ ký');
	await leave(specialist);
}

async function decide() {
	const clerk = await enter('vanthutinh');

	await visit(clerk.page, DOSSIER);
	check('the records clerk may enter the decision', 'Nhập quyết định khen thưởng', await offers(clerk.page));
	await clerk.page.click('.next a');
	await settle(clerk.page);
	await clerk.page.click('summary');
	await clerk.page.setInputFiles('.files-field .drop input', process.env.HOSO_OTHER);
	await clerk.page.click('.upload[data-state=ready] >> text=Hủy');
	await clerk.page.waitForSelector('.upload', { state: 'detached' });
	await clerk.page.setInputFiles('.files-field .drop input', process.env.HOSO_SIGNED);
	await clerk.page.waitForSelector('.upload[data-state=ready]');
	check('one file is enough', 0, await clerk.page.locator('.files-field .drop').count());
	await visit(clerk.page, `${DOSSIER}/quyet-dinh`);
	await clerk.page.click('summary');
	check('a file that has come outlasts the page', 'Quyết định.pdf',
		await clerk.page.innerText('.upload[data-state=ready] .upload-name'));
	await clerk.page.fill('form [name=reference]', '345/QĐ-UBND');
	await clerk.page.fill('form [name=date]', '1/9/2025');
	await clerk.page.fill('form [name=subject]', 'Về việc tặng Bằng khen');
	await visit(clerk.page, `${DOSSIER}/quyet-dinh`);
	await clerk.page.click('summary');
	check('  and so does what is typed beside it', '345/QĐ-UBND Về việc tặng Bằng khen',
		`${await clerk.page.inputValue('form [name=reference]')} ${await clerk.page.inputValue('form [name=subject]')}`);
	check('nothing bars the way through a registration', '', await barriers(clerk.page));
	await takePicture(clerk.page, 'register');
	await clerk.page.click('text=Đăng ký văn bản >> nth=-1');
	await clerk.page.waitForSelector('.note-good a[download]');
	check('and registers its document for it', 'true',
		(await clerk.page.innerText('.note-good')).includes('Đã đăng ký văn bản 345/QĐ-UBND'));
	await leave(clerk);

	const chair = await enter('chutich');
	const { page } = chair;
	check('it waits for the chair', 'Chờ ký (trình ký) 1 hồ sơ', await headings(page));
	await follow(page, DOSSIER);
	await takePicture(page, 'dossier-chair');
	await page.click('text=Nhập quyết định khen thưởng');
	await settle(page);
	await page.fill('[name=reference]', '999/QĐ-UBND');
	await page.click('main button:has-text("Tìm")');
	await page.waitForSelector('text=Không có văn bản nào số 999/QĐ-UBND.');
	await page.fill('[name=reference]', '345/qđ-ubnd');
	await page.keyboard.press('Enter');
	await page.click('button:has-text("345/QĐ-UBND")');
	await page.waitForSelector('text=Ban hành quyết định (2 khen thưởng)');
	check('the awards of the dossier are there', 'Thôn Xốp Nghét – Bằng khen | A Tung <b> – Bằng khen',
		(await page.locator('.tick').allInnerTexts()).map((text) => text.trim().replace(/ (của|cấp) .*/, '')).join(' | '));
	await page.fill('[name=basis]', 'Theo Tờ trình số 12');
	await page.locator('.tick input').nth(1).uncheck();
	await page.reload();
	await page.waitForSelector('text=Ban hành quyết định (1 khen thưởng)');
	check('what is typed of a decision outlasts the page', 'Theo Tờ trình số 12', await page.inputValue('[name=basis]'));
	await decideTogether(chair);
	await page.click('text=Xem quyết định và danh sách khen thưởng');
	await settle(page);
	check('the decision has its number', 'Quyết định số 345/QĐ-UBND', await page.innerText('h1'));
	check('its lines', '2', await page.locator('table.rows tbody tr').count());
	await page.waitForSelector('.verdict .badge, .file .hint');
	await takePicture(page, 'decision');
	check('its signed file is there in its whole size', '4,8 MB', await page.innerText('.file .hint >> nth=0'));
	await page.click('text=Xem hồ sơ');
	await settle(page);
	check('and its dossier, which is decided', 'Đã khen thưởng (đã ban hành quyết định)', await statusOf(page));
	await leave(chair);
}

async function seal() {
	const head = await enter('truongban');

	await visit(head.page, DOSSIER);
	check('the head of the standing body closes it', 'Đã chuyển hồ sơ sang: Kết thúc hồ sơ.',
		await step(head.page, 'Kết thúc hồ sơ'));
	await leave(head);

	const archivist = await enter('luutru');
	const { page } = archivist;
	check('then it waits for the archivist, beside his own', 'Đang lập hồ sơ (chờ chuyển) 1 hồ sơ; Kết thúc hồ sơ 1 hồ sơ', await headings(page));
	await follow(page, DOSSIER);
	await page.click('text=Niêm phong, nộp lưu trữ');
	check('nothing is wrong with the question of the seal', '', await questionFaults(page, 'seal'));
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.note-good a[download]');
	await settle(page);
	check('who seals it', 'Đã nộp lưu trữ', await statusOf(page));
	const [container] = await Promise.all([page.waitForEvent('download'), page.click('text=Tải gói hồ sơ')]);
	check('and takes the container out', 'hs-chinh.asice', container.suggestedFilename());
	await visit(page, '/viec-hom-nay');
	check('nothing but his own is left to do', 'Đang lập hồ sơ (chờ chuyển) 1 hồ sơ', await headings(page));
	await leave(archivist);
}

async function revoke() {
	const chair = await enter('chutich');
	const { page } = chair;

	await page.click('nav >> text=Quyết định');
	await settle(page);
	await page.fill('[name=reference]', '345/QĐ-UBND');
	await page.keyboard.press('Enter');
	await page.waitForSelector('table.rows a');
	check('what is searched for stands in the address', '?so=345%2FQ%C4%90-UBND', new URL(page.url()).search);
	check('nothing bars the way through a search', '', await barriers(page));
	await takePicture(page, 'decisions');
	await page.click('table.rows a');
	await settle(page);
	await page.click('tr:has-text("A Tung") >> text=Hủy');
	check('nothing is wrong with the question of a revocation', '', await questionFaults(page, 'revoke'));
	check('the question names whom and what', 'true', /Hủy khen thưởng của A Tung <b>, Bằng khen/.test(await page.innerText('dialog')));
	await page.click('dialog button[type=submit]');
	check('no revocation without a reason', 'true',
		await page.locator('dialog [name=reason]').evaluate((field) => field.validity.valueMissing));
	await page.fill('dialog [name=date]', '1/10/2025');
	await page.fill('dialog [name=reason]', 'Kê khai không đúng thành tích');
	await takePicture(page, 'revoke');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.note-good a[download]');
	await page.waitForSelector('table.rows s');
	await settle(page);
	check('the line is struck through, with when and why', 'A Tung <b>',
		(await page.locator('table.rows s').allInnerTexts())[0]);
	check('  ', 'true', /Hủy bỏ ngày 01\/10\/2025\.[\s\S]*Kê khai không đúng thành tích/.test(await page.innerText('.revocation')));
	check('the other one stays', '1', await page.locator('table.rows >> text=Đang có hiệu lực').count());
	await takePicture(page, 'decision-revoked');
	const path = pathOf(page);
	await leave(chair);

	const specialist = await enter('chuyenvien', NARROW);
	await visit(specialist.page, path);
	check('who may not revoke is not offered it', '0', await specialist.page.locator('table.rows button').count());
	await takePicture(specialist.page, 'decision-narrow');
	check('a decision is no wider than a telephone', '390',
		await specialist.page.evaluate(() => document.documentElement.scrollWidth));
	await visit(specialist.page, '/ho-so/hs-chinh/quyet-dinh');
	check('who comes too late is told what to do', 'true',
		(await specialist.page.innerText('main')).includes('Hãy xem bước tiếp theo trên trang hồ sơ.')
		|| (await specialist.page.locator('summary').count()) === 1);
	await visit(specialist.page, DOSSIER);
	await takePicture(specialist.page, 'dossier-done-narrow');
	await leave(specialist);
}

export default async function () {
	await waiting();
	await missing();
	await appraise();
	await vote();
	await decide();
	await seal();
	await revoke();
	check('the browser has nothing to complain of in the work', '', complained.join('; '));
}
