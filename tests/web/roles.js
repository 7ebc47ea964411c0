// SPDX-License-Identifier: Apache-2.0
//
// Every role sees what the API lets it see, and is told where it does not.
import { check, follow, logIn, open, statusOf, visit } from './desk.js';

const AT_ONCE = 4;

const places = [
	{ path: '/don-vi', api: '/units?prefix=tinh' },
	{ path: '/don-vi/xa-xop-2025', api: '/units/xa-xop-2025/dossiers' },
	{ path: '/ho-so/hs-da-niem-phong', api: '/dossiers/hs-da-niem-phong' },
	{ path: '/ho-so/hs-xa-dak-long-2025', api: '/dossiers/hs-xa-dak-long-2025' },
];

async function shown(page) {
	const problem = await page.locator('.problem-title').allInnerTexts();

	return problem.length === 0 ? 'the page' : problem.join(', ');
}

/** What a role should see of each place, and what it does. */
async function lookAround(role) {
	const { page, context, complaints } = await open();
	const wanted = [];
	const got = [];

	await logIn(page, role.replaceAll('_', '-'));
	for (const { path, api } of places) {
		await follow(page, path);
		wanted.push((await statusOf(page, api)) === 200 ? 'the page' : 'Không có quyền thực hiện việc này');
		got.push(await shown(page));
	}
	await context.close();
	return { role, wanted: wanted.join('; '), got: got.join('; '), complaints: complaints.join('; ') };
}

export default async function () {
	const all = process.env.HOSO_ROLES.split(' ');
	const seen = [];

	while (all.length > 0) {
		seen.push(...(await Promise.all(all.splice(0, AT_ONCE).map(lookAround))));
	}
	for (const { role, wanted, got, complaints } of seen) {
		check(`${role} sees what is ${role}'s to see`, wanted, got);
		check('  and the browser has nothing to complain of', '', complaints);
	}
	const { page, context } = await open();

	await logIn(page, 'dongnhap'); // three roles, two of them in one unit
	check('a unit stands in the navigation once', 'Tỉnh Quảng Ngãi',
		(await page.locator('nav a').allInnerTexts()).filter((text) => text === 'Tỉnh Quảng Ngãi').join());
	await visit(page, '/don-vi/tinh-quang-ngai');
	check('  and is where one is', 'Tỉnh Quảng Ngãi', await page.innerText('nav [aria-current]'));
	await visit(page, '/don-vi/xa-xop-2025');
	check('a unit without a place there stands below the units', 'Đơn vị',
		await page.innerText('nav [aria-current]'));
	await context.close();
	check('some role was refused something', 'true', seen.some(({ wanted }) => wanted.includes('quyền')));
}
