// SPDX-License-Identifier: Apache-2.0
//
// The page's heading: the window is called so, and a reader who followed a
// link is put here, as a screen reader would be by a new document.
import { useEffect, useRef } from 'preact/hooks';

import { hasMoved } from '../shell/address';

export function Title({ text }: { text: string }) {
	const heading = useRef<HTMLHeadingElement>(null);

	useEffect(() => {
		document.title = `${text} – hoso`;
	}, [text]);
	useEffect(() => {
		if (hasMoved) {
			heading.current?.focus({ preventScroll: true });
		}
	}, []);
	return (
		<h1 ref={heading} tabIndex={-1}>
			{text}
		</h1>
	);
}
