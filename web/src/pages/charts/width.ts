// SPDX-License-Identifier: Apache-2.0
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const FIRST = 640;

/** How wide an element is, in pixels: a chart is drawn for the room it has. */
export function useWidth<T extends HTMLElement>(): [RefObject<T | null>, number] {
	const element = useRef<T>(null);
	const [width, setWidth] = useState(FIRST);

	useEffect(() => {
		const watch = new ResizeObserver(([entry]) => {
			if (entry) {
				setWidth(Math.floor(entry.contentRect.width));
			}
		});

		watch.observe(element.current!);
		return () => watch.disconnect();
	}, []);
	return [element, width];
}
