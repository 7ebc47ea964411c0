// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';

import { say } from '../../words/words';

/** Where a file is dropped, or chosen. */
export function DropPlace({ onFile }: { onFile: (file: File) => void }) {
	const [isOver, setOver] = useState(false);

	return (
		<label
			class={`drop ${isOver ? 'drop-over' : ''}`}
			onDragOver={(event) => {
				event.preventDefault();
				setOver(true);
			}}
			onDragLeave={() => setOver(false)}
			onDrop={(event) => {
				const file = event.dataTransfer?.files[0];

				event.preventDefault();
				setOver(false);
				if (file) {
					onFile(file);
				}
			}}
		>
			<strong>{say('verify.drop')}</strong>
			<span class="hint">{say('verify.drop.what')}</span>
			<span class="button">{say('verify.choose')}</span>
			<input
				type="file"
				class="unseen"
				onChange={(event) => {
					const file = event.currentTarget.files?.[0];

					if (file) {
						onFile(file);
					}
					event.currentTarget.value = ''; // the same may be chosen again
				}}
			/>
		</label>
	);
}
