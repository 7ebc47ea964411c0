// SPDX-License-Identifier: Apache-2.0
//
// What is said of a field that is left empty: by itself the browser says it in
// its own language, not in the reader's.
import { say } from '../words/words';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** They count as wrong until they are judged anew. */
const told = new WeakSet<Element>();

function forget(field: Element): void {
	if (told.delete(field)) {
		(field as Field).setCustomValidity('');
	}
}

export function sayWhatIsNeeded(): void {
	document.addEventListener(
		'invalid',
		(event) => {
			const field = event.target as Field;

			if (field.validity.valueMissing) {
				field.setCustomValidity(say(field instanceof HTMLSelectElement ? 'form.choose' : 'form.fill'));
				told.add(field);
			}
		},
		true,
	);
	document.addEventListener('input', (event) => forget(event.target as Element), true);
	// Before a form is sent its button is pressed, by Enter in a field too.
	document.addEventListener(
		'click',
		(event) => {
			const button = (event.target as Element).closest<HTMLButtonElement>('button[type=submit]');

			for (const field of button?.form?.elements ?? []) {
				forget(field);
			}
		},
		true,
	);
}
