// SPDX-License-Identifier: Apache-2.0
//
// Where files are dropped, or chosen by a button.
import './file-place.css';

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { say } from '../../words/words';

/** What was dropped, but for folders, which are no files. */
function filesOf(dropped: DataTransfer | null): File[] {
	return [...(dropped?.items ?? [])].flatMap((item) => {
		const file = item.webkitGetAsEntry?.()?.isDirectory ? null : item.getAsFile();

		return file ? [file] : [];
	});
}

export function FilePlace({ label, isOne, onFiles, children }: {
	/** What a screen reader says of it; else it is what is written in it. */
	label?: string;
	/** One file alone; of several the first is taken. */
	isOne?: boolean;
	onFiles: (files: File[]) => void;
	/** In place of "drop files here", in a larger field. */
	children?: ComponentChildren;
}) {
	const [isOver, setOver] = useState(false);

	function take(files: File[]) {
		if (files.length > 0) {
			onFiles(isOne ? files.slice(0, 1) : files);
		}
	}

	return (
		<label
			class={`drop ${children ? 'drop-tall' : ''} ${isOver ? 'drop-over' : ''}`}
			onDragOver={(event) => {
				event.preventDefault();
				setOver(true);
			}}
			onDragLeave={() => setOver(false)}
			onDrop={(event) => {
				event.preventDefault();
				setOver(false);
				take(filesOf(event.dataTransfer));
			}}
		>
			{children ?? <span class="hint">{say('file.drop-here')}</span>}
			<span class="button">{say('file.choose')}</span>
			<input
				type="file"
				multiple={!isOne}
				class="unseen"
				aria-label={label}
				onChange={(event) => {
					take([...(event.currentTarget.files ?? [])]);
					event.currentTarget.value = ''; // the same may be chosen again
				}}
			/>
		</label>
	);
}
