// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';

type Typing = Event & { currentTarget: HTMLInputElement };

/**
 * What an input shows: `value`, but while somebody types what was typed, though
 * answers come meanwhile and the page is drawn anew.  `onLeave` hears of the
 * input when it is left, and gives the text that is to stay until `value`
 * changes, or undefined where `value` tells it from now on.
 */
export function useTyped(value: string, onLeave: (input: HTMLInputElement) => string | undefined) {
	const [typed, setTyped] = useState<{ text: string; over: string }>();

	return {
		value: typed?.over === value ? typed.text : value,
		onInput: (event: Typing) => setTyped({ text: event.currentTarget.value, over: value }),
		onChange: (event: Typing) => {
			const text = onLeave(event.currentTarget);

			setTyped(text === undefined ? undefined : { text, over: value });
		},
	};
}
