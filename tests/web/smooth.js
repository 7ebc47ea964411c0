// SPDX-License-Identifier: Apache-2.0
//
// Whether the tree of units scrolls as smoothly with ten thousand rows as with
// ten: its frames, what kept the browser from drawing one, and how many rows
// were in the document at any time.

/** Looks on while the tree is moved; { frames, tasks, rows, requests }. */
export async function lookOn(page, move) {
	let requests = 0;
	const count = () => requests++;

	await page.evaluate(() => {
		const looking = { frames: [], tasks: [], rows: 0, isOn: true };
		const tree = document.querySelector('[role=tree]');
		const see = () => {
			looking.rows = Math.max(looking.rows, tree.querySelectorAll('li').length);
		};
		const rows = new MutationObserver(see);
		const tasks = new PerformanceObserver((list) => looking.tasks.push(...list.getEntries().map((task) => task.duration)));
		let last = performance.now();
		const step = (now) => {
			looking.frames.push(now - last);
			last = now;
			if (looking.isOn) {
				requestAnimationFrame(step);
			}
		};

		see();
		rows.observe(tree, { childList: true, subtree: true });
		tasks.observe({ type: 'longtask' }); // over 50 ms
		requestAnimationFrame(step);
		globalThis.looking = looking;
	});
	page.on('request', count);
	await move();
	page.off('request', count);
	const seen = await page.evaluate(() => {
		globalThis.looking.isOn = false;
		return globalThis.looking;
	});
	return { ...seen, requests };
}

/** Is the tree at its end, with nothing on its way? */
function isAtEnd(page) {
	return page.evaluate(() => {
		const tree = document.querySelector('[role=tree]');

		return tree.scrollTop + tree.clientHeight >= tree.scrollHeight - 1 && !tree.querySelector('.waiting');
	});
}

/** By the wheel to the end and back. */
export async function byWheel(page, step) {
	await page.hover('[role=tree]');
	do {
		await page.mouse.wheel(0, step);
	} while (!(await isAtEnd(page)));
	do {
		await page.mouse.wheel(0, -step);
	} while (await page.evaluate(() => document.querySelector('[role=tree]').scrollTop > 0));
}

/** Page by page by the keyboard to the end, and back at once. */
export async function byKeys(page) {
	await page.focus('[role=tree]');
	await page.keyboard.press('Home');
	do {
		await page.keyboard.press('PageDown');
	} while (!(await isAtEnd(page)));
	await page.keyboard.press('Home');
	await page.waitForFunction(() => document.querySelector('[role=tree]').scrollTop === 0);
}
