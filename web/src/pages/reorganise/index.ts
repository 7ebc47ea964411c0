// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const reorganise: Page = {
	path: '/sap-xep',
	load: () => import('./reorganise'),
};
