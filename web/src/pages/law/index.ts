// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const law: Page = {
	path: '/quan-tri/phap-ly',
	load: () => import('./law'),
};
