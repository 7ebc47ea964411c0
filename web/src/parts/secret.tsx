// SPDX-License-Identifier: Apache-2.0
//
// What is told once: it is nowhere else, and goes when it was taken.
import { useState } from 'preact/hooks';

import { say } from '../words/words';

export function Secret({ label, text, onGone }: { label: string; text: string; onGone: () => void }) {
	const [isCopied, setCopied] = useState(false);

	return (
		<div class="note note-good" role="status">
			<p>{label}</p>
			<code class="secret">{text}</code>
			<p class="presses">
				{navigator.clipboard && (
					<button
						type="button"
						onClick={() => {
							void navigator.clipboard.writeText(text).then(() => setCopied(true));
						}}
					>
						{isCopied ? say('secret.copied') : say('secret.copy')}
					</button>
				)}
				<button type="button" onClick={onGone}>
					{say('secret.gone')}
				</button>
			</p>
		</div>
	);
}
