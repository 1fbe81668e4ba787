(function () {
  'use strict';

  var input = document.getElementById('name');

  function show() {
    document.getElementById('greeting').textContent = window.greeting(input.value);
  }

  input.addEventListener('input', show, false);
  show();
}());
