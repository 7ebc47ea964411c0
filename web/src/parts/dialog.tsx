// SPDX-License-Identifier: Apache-2.0
//
// A question that must be answered before anything else: the browser's own
// dialog, which holds the focus and closes by Escape.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import type { Problem } from '../api/client';
import { say } from '../words/words';
import { Form } from './form';

/** Shown as long as it is drawn. */
export function Dialog({ title, onClose, children }: {
	title: string;
	onClose: () => void;
	children: ComponentChildren;
}) {
	const box = useRef<HTMLDialogElement>(null);
	const id = useId();

	useEffect(() => {
		const before = document.activeElement;

		box.current?.showModal();
		return () => (before instanceof HTMLElement ? before.focus() : undefined);
	}, []);
	return (
		<dialog ref={box} aria-labelledby={id} onClose={onClose}>
			<h2 id={id}>{title}</h2>
			{children}
		</dialog>
	);
}

/** Asks whether it is meant; `doing` is what its button says. */
export function Confirm({ title, doing, isBusy, problem, onDo, onClose, children }: {
	title: string;
	doing: string;
	isBusy?: boolean;
	problem?: Problem | undefined;
	onDo: () => void;
	onClose: () => void;
	children?: ComponentChildren;
}) {
	return (
		<Dialog title={title} onClose={onClose}>
			<Form
				doing={doing}
				isBusy={isBusy ?? false}
				problem={problem}
				onSend={onDo}
				beside={
					<button type="button" onClick={onClose}>
						{say('form.leave')}
					</button>
				}
			>
				{children}
			</Form>
		</Dialog>
	);
}
