// SPDX-License-Identifier: Apache-2.0
//
// That a change was done, and what proves it for good.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { Receipt } from '../api/types';
import { say } from '../words/words';

/** An address for bytes that the page itself has; gone with what shows it. */
export function useFile(text: string): string {
	const [address, setAddress] = useState('');

	useEffect(() => {
		const made = URL.createObjectURL(new Blob([text], { type: 'application/json' }));

		setAddress(made);
		return () => URL.revokeObjectURL(made);
	}, [text]);
	return address;
}

export function ReceiptNote({ text, receipt, children }: {
	/** What was done: "Đã chuyển hồ sơ". */
	text: string;
	receipt: Receipt;
	children?: ComponentChildren;
}) {
	const address = useFile(JSON.stringify(receipt));

	return (
		<div class="note note-good" role="status">
			<p>{text}</p>
			<p class="hint">
				{say('receipt.entry', { index: receipt.index })}{' '}
				<a href={address} download={say('receipt.file', { index: receipt.index })}>
					{say('receipt.keep')}
				</a>
			</p>
			{children}
		</div>
	);
}
