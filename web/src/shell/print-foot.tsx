// SPDX-License-Identifier: Apache-2.0
//
// On paper alone: where and when the sheet was printed, and by whom.
import { useEffect, useState } from 'preact/hooks';

import { session } from '../api/session';
import { formatTime } from '../words/format';
import { say } from '../words/words';

export function PrintFoot() {
	const [at, setAt] = useState(Date.now());
	const name = session.value?.user.name;
	const values = { address: window.location.href, time: formatTime(at * 1000) };

	useEffect(() => {
		const now = () => setAt(Date.now());

		window.addEventListener('beforeprint', now);
		return () => window.removeEventListener('beforeprint', now);
	}, []);
	return (
		<footer class="printed">
			{name ? say('print.foot-by', { ...values, name }) : say('print.foot', values)}
		</footer>
	);
}
