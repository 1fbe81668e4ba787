(function () {
  'use strict';

  const input = document.getElementById('name');
  const show = () => { document.getElementById('greeting').textContent = window.greeting(input.value); };

  input.addEventListener('input', show);
  show();
}());
