// SPDX-License-Identifier: Apache-2.0
import { say } from '../words/words';

/** Prints the page as it stands (style/print.css). */
export function PrintButton() {
	return (
		<p class="unprinted">
			<button type="button" onClick={() => window.print()}>
				{say('print')}
			</button>
		</p>
	);
}
