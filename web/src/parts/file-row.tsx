// SPDX-License-Identifier: Apache-2.0
//
// A file of a record: to be downloaded, looked at beside its row, and what was
// found of its signatures.
import './file-row.css';

import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { addressOf } from '../api/client';
import type { Attachment, Examined } from '../api/types';
import { formatSize } from '../words/format';
import { say } from '../words/words';
import { Preview } from './preview/preview';
import { Verdict } from './verdict';

export function FileRow({ file, path, examined, children }: {
	file: Attachment;
	/** Of its record: "/documents/…". */
	path: string;
	examined: Examined | undefined;
	/** What it is, above its name. */
	children?: ComponentChildren;
}) {
	const [isShown, setShown] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const of = { path: `${path}/files/${file.sha256}`, name: file.name, size: file.size };

	return (
		<li class="file">
			{children}
			<p>
				<a href={addressOf(of.path)} download>
					{file.name}
				</a>{' '}
				<span class="hint">{formatSize(file.size)}</span>{' '}
				<button
					type="button"
					class="small"
					ref={button}
					aria-expanded={isShown}
					onClick={() => setShown(!isShown)}
				>
					{say('preview.show')}
				</button>
			</p>
			{isShown && (
				<Preview
					of={of}
					onClose={() => {
						setShown(false);
						button.current?.focus();
					}}
				/>
			)}
			{examined && <Verdict examined={examined} />}
		</li>
	);
}
