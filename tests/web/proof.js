// SPDX-License-Identifier: Apache-2.0
//
// Containers and receipts that the browser itself checks.
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

import { barriers, check, NARROW, open, settle, tabTo, takePicture, visit } from './desk.js';

const { HOSO_CONTAINER: container, HOSO_RECEIPT: receipt, HOSO_KEY: key } = process.env;
const GOOD = 'Không có gì sai trong những gì trình duyệt này kiểm tra được';
const BAD = 'CÓ CHỖ SAI: đừng dựa vào tệp này, hãy hỏi người đã đưa nó';
const KEY_OF_ANOTHER = 'khenthuong.example.vn/audit+b1f5f95e+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4';

/** A file with these bytes, dropped on the page; what the browser found. */
async function found(page, name, bytes) {
	await page.reload();
	await page.setInputFiles('input[type=file]', { name, mimeType: '', buffer: Buffer.from(bytes) });
	await page.waitForSelector('.verify-found');
	await settle(page);
	return page.innerText('.verify-found h3');
}

/** The rows of this grade, each as one text. */
function rows(page, grade) {
	return page.$$eval(`.verify-found .finding-${grade}`, (list) => list.map((row) => row.textContent).join(' | '));
}

/** The member of the container has another byte, and the ZIP agrees. */
function change(good, end, place) {
	const bytes = Buffer.from(good);
	let at = bytes.readUInt32LE(bytes.length - 6);

	for (let left = bytes.readUInt16LE(bytes.length - 12); left > 0; left--) {
		const length = bytes.readUInt16LE(at + 28);
		const name = bytes.toString('utf8', at + 46, at + 46 + length);

		if (name.endsWith(end)) {
			const local = bytes.readUInt32LE(at + 42);
			const data = bytes.subarray(local + 30 + length, local + 30 + length + bytes.readUInt32LE(at + 24));

			data[place < 0 ? data.length + place : place] ^= 1;
			bytes.writeUInt32LE(crc32(data), at + 16);
			bytes.writeUInt32LE(crc32(data), local + 14);
		}
		at += 46 + length;
	}
	return bytes;
}

async function containers(page) {
	const good = readFileSync(container);

	check('the browser itself proves a container', GOOD, await found(page, 'sealed.asice', good));
	const proved = await rows(page, 'proved');

	for (const [what, words] of [
		['its structure', 'không có byte nào nằm ngoài'], ['its files', 'còn nguyên vẹn'],
		['its signature', 'Chữ ký số đúng'], ['its receipts', 'Mọi biên nhận'], ['its records', 'Mọi bản ghi'],
		["the log's signature", 'đúng khóa của nhật ký'],
	]) {
		check(`  ${what}`, true, proved.includes(words));
	}
	check('  and says what it does not check', 4, await page.$$eval('.verify-found details li', (list) => list.length));
	check('nothing bars the way to that', '', await barriers(page));
	await takePicture(page, 'proof-container-wide');
	for (const [what, end, place, words] of [
		['a file', '.pdf', 40, '.pdf'], ['the manifest', 'ASiCManifest001.xml', -60, 'META-INF/'],
		['the signature', 'signature001.p7s', -4, 'Chữ ký số sai'], ['a receipt', '.json', 300, '.json'],
	]) {
		check(`with another byte in ${what} it is bad`, BAD, await found(page, 'sealed.asice', change(good, end, place)));
		check('  and says so by name', true, (await rows(page, 'failed')).includes(words));
	}
	await takePicture(page, 'proof-bad-wide');
	check('half of one is bad', BAD, await found(page, 'sealed.asice', good.subarray(0, good.length / 2)));
	check('and so is what is no container', BAD, await found(page, 'x.asice', 'no ZIP file'));
}

async function keys(page) {
	check('a receipt is proved', GOOD, await found(page, 'receipt.json', readFileSync(receipt)));
	check('  and says what it proves', true, (await page.innerText('.verify-found pre')).startsWith('{"act":'));
	check('  by the key of this server', 'Khóa của nhật ký: lấy từ máy chủ này', await page.innerText('.verify-key summary'));
	await takePicture(page, 'proof-receipt-wide');
	check('the key is reached by keyboard', true, await tabTo(page, '.verify-key summary'));
	await page.keyboard.press('Enter');
	await tabTo(page, '#log-key');
	await page.fill('#log-key', KEY_OF_ANOTHER);
	await page.keyboard.press('Enter');
	await page.waitForSelector('.verify-found.note-bad');
	check('by the key of another log it is bad', true, (await rows(page, 'failed')).includes('không do khóa này ký'));
	await page.fill('#log-key', 'no key');
	await page.keyboard.press('Enter');
	await page.waitForSelector('.verify-browser .problem');
	check('what is no key is said to be none', true, (await page.innerText('.verify-browser .problem')).includes('Khóa có dạng'));
	await page.fill('#log-key', key.trim());
	await page.keyboard.press('Enter');
	await page.waitForSelector('.verify-found.note-good');
	check('by the right one, brought along, it is good', 'Khóa của nhật ký: do bạn đưa vào', await page.innerText('.verify-key summary'));
	const changed = JSON.parse(readFileSync(receipt, 'utf8'));

	changed.leaf = changed.leaf.replace('"rev":1', '"rev":2');
	check('a changed event is not in the log', BAD, await found(page, 'receipt.json', JSON.stringify(changed)));
}

/** A browser that does not know the algorithm, and one without WebCrypto. */
async function lesser() {
	const { page, context } = await open();

	await page.route('**/assets/worker-*', async (route) => {
		const answer = await route.fetch();

		await route.fulfill({ response: answer, body: `{const old = crypto.subtle.importKey.bind(crypto.subtle);
			crypto.subtle.importKey = (form, bytes, how, ...more) => how === 'Ed25519' ?
			Promise.reject(new DOMException('', 'NotSupportedError')) : old(form, bytes, how, ...more);}${await answer.text()}` });
	});
	await visit(page, '/kiem-tra');
	check('without Ed25519 the rest is checked', GOOD, await found(page, 'receipt.json', readFileSync(receipt)));
	check('  and that is said', true, (await rows(page, 'doubted')).includes('không biết Ed25519'));
	await page.reload();
	await page.evaluate(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
	await page.setInputFiles('input[type=file]', { name: 'a.asice', mimeType: '', buffer: readFileSync(container) });
	await page.waitForSelector('[aria-live] .note');
	await settle(page);
	check('without WebCrypto the server alone speaks', true, (await page.innerText('main')).includes('không mở qua HTTPS'));
	await context.close();
}

export default async function () {
	const { page, context, complaints } = await open();
	const sent = [];

	page.on('request', (request) => {
		if (request.method() === 'POST' && request.postDataBuffer()?.length > 100000) {
			sent.push(request.url());
		}
	});
	await visit(page, '/kiem-tra');
	await containers(page);
	await keys(page);
	check('no container was sent anywhere', '', sent.join(' '));
	check('the browser has nothing to complain of', '', complaints.join('; '));
	await context.close();
	await lesser();

	const narrow = await open(NARROW);

	await visit(narrow.page, '/kiem-tra');
	await found(narrow.page, 'sealed.asice', readFileSync(container));
	check('nothing runs over the edge of a telephone', 0, await narrow.page.evaluate(() =>
		document.documentElement.scrollWidth - document.documentElement.clientWidth));
	await takePicture(narrow.page, 'proof-container-narrow');
	await narrow.context.close();
}
